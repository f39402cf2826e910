// Ctrl K: what can be done with the record that is open, the parts of the page, what was
// opened lately, the menu's own entries, then what the search finds. Everything in it stands
// on the pages as a link or a button too.
if (!window.birlikPalette) {
  window.birlikPalette = true
  const $ = (s, r = document) => r.querySelector(s), $$ = (s, r = document) => [...r.querySelectorAll(s)]
  const form = $('[data-palette]')
  if (form) {
    const box = form.closest('dialog'), input = $('input', form), list = $('[role=listbox]', form), status = $('[role=status]', form)
    const words = e => e.textContent.replace(/\s+/g, ' ').trim()
    const recents = () => { try { return JSON.parse(localStorage.recent || '[]') } catch { return [] } }
    const h1 = $('main h1')
    if (h1 && !location.search) try { localStorage.recent = JSON.stringify([{ text: words(h1), href: location.pathname }, ...recents().filter(r => r.href !== location.pathname)].slice(0, 6)) } catch { /* private window */ }
    const acts = () => $$('main [data-acts] :is(a, button), #panel [data-acts] :is(a, button)').filter(e => e.offsetParent !== null || !e.closest('dialog')).map(e => ({ text: words(e), sub: list.dataset.act, run: () => e.click() }))
    const parts = () => $$('main h2[id]').map(h => ({ text: words(h), sub: list.dataset.part, run: () => {
      const field = $('textarea, input:not([type=hidden]), select', h.closest('section') || h.parentNode)
      if (!field) h.tabIndex = -1
      ;(field || h).focus(); (field || h).scrollIntoView({ block: 'center' })
    } }))
    const doors = () => $$('.rail a, header.site nav a[href]').map(a => ({ text: words($('span', a) || a), href: a.href })).filter((d, i, all) => d.text && all.findIndex(o => o.href === d.href) === i)
    let shown = [], at = -1, timer, asked

    const mark = () => {
      [...list.children].forEach((o, i) => o.setAttribute('aria-selected', i === at))
      const o = list.children[at]
      input.setAttribute('aria-activedescendant', o ? o.id : '')
      o?.scrollIntoView({ block: 'nearest' })
    }
    const draw = found => {
      shown = found
      list.replaceChildren(...found.map((f, i) => {
        const d = document.createElement('div')
        d.role = 'option'; d.id = 'p-' + i; d.dataset.i = i; d.textContent = f.text
        if (f.sub) { const s = document.createElement('small'); s.textContent = f.sub; d.append(' ', s) }
        return d
      }))
      at = found.length ? 0 : -1; mark()
      status.textContent = found.length ? status.dataset.some.replace('{n}', found.length) : status.dataset.none
    }
    const plain = s => s.toLocaleLowerCase(document.documentElement.lang)
    const look = () => {
      const q = input.value.trim(), own = [...acts(), ...(q ? parts() : []), ...recents(), ...doors()]
      const near = q ? own.filter(d => plain(d.text).includes(plain(q))).slice(0, 14) : own.slice(0, 14)
      draw(near)
      clearTimeout(timer); asked?.abort()
      if (q.length < 2) return
      timer = setTimeout(() => {
        asked = new AbortController()
        fetch(form.dataset.palette + '?q=' + encodeURIComponent(q), { signal: asked.signal }).then(r => r.ok ? r.json() : []).then(hits => {
          const fresh = hits.filter(h => !near.some(n => n.href === h.href))
          draw([...fresh.filter(h => h.exact), ...near, ...fresh.filter(h => !h.exact)])
        }).catch(() => {})
      }, 180)
    }
    const take = i => {
      const it = shown[i]
      if (!it) return
      if (it.href) { location.href = it.href; return }
      box.close(); it.run()
    }
    input.addEventListener('input', look)
    input.addEventListener('focus', look)
    input.addEventListener('keydown', e => {
      const n = shown.length
      if (e.key === 'ArrowDown' || e.key === 'ArrowUp') { e.preventDefault(); if (n) { at = (at + (e.key === 'ArrowDown' ? 1 : n - 1)) % n; mark() } }
      if (e.key === 'Enter' && at >= 0) { e.preventDefault(); take(at) }
    })
    list.addEventListener('click', e => { const o = e.target.closest('[data-i]'); if (o) take(+o.dataset.i) })
  }
}
