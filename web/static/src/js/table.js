// Lists: picking rows, the bulk bar in the filters' place, keys J K X A / ?, the side panel.
if (!window.birlikTable) {
  window.birlikTable = true
  const $ = (s, r = document) => r.querySelector(s), $$ = (s, r = document) => [...r.querySelectorAll(s)]
  const boxes = () => $$('[data-pick-one]'), rows = () => $$('[data-row]')
  let last = null, cursor = null

  const sync = () => {
    const all = $('[data-pick-all]'), list = boxes(), n = list.filter(b => b.checked).length
    list.forEach(b => b.closest('tr')?.classList.toggle('picked', b.checked))
    if (all) { all.checked = n > 0 && n === list.length; all.indeterminate = n > 0 && n < list.length }
    const bar = $('[data-bulk]')
    if (!bar) return
    bar.hidden = !n
    const say = $('[data-bulk-say]', bar)
    say.textContent = say.dataset.bulkSay.replace('{n}', n).replace('{total}', say.dataset.total)
  }
  const span = (a, b, on) => {
    const list = boxes(), [i, j] = [list.indexOf(a), list.indexOf(b)].sort((x, y) => x - y)
    if (i >= 0) list.slice(i, j + 1).forEach(x => { x.checked = on })
  }
  const pick = (box, shift) => { if (shift && last) span(last, box, box.checked); last = box; sync() }

  document.addEventListener('click', e => {
    const box = e.target.closest('[data-pick-one]')
    if (box) pick(box, e.shiftKey)
    if (e.target.closest('[data-bulk-clear]')) { boxes().forEach(b => { b.checked = false }); sync(); boxes()[0]?.focus() }
  })
  document.addEventListener('change', e => {
    if (e.target.matches('[data-pick-all]')) { boxes().forEach(b => { b.checked = e.target.checked }); sync() }
  })

  /* single keys have an off switch, remembered on this device */
  const off = () => /(?:^|; )keys=off/.test(document.cookie)
  const lever = $('[data-keys-switch]')
  const showKeys = () => $$('[data-keys-line]').forEach(p => { p.hidden = off() })
  if (lever) {
    lever.checked = !off()
    lever.addEventListener('change', () => { document.cookie = `keys=${lever.checked ? 'on' : 'off'};path=/;max-age=31536000;samesite=lax`; showKeys() })
  }
  const move = step => {
    const list = rows(), at = cursor && cursor.isConnected ? list.indexOf(cursor) : list.findIndex(r => r.contains(document.activeElement))
    cursor = list[Math.max(0, Math.min(list.length - 1, at + step))]
    $('.subject, a', cursor || document.body)?.focus()
  }
  const keys = {
    j: () => move(1), k: () => move(-1),
    x: e => { const row = cursor || document.activeElement.closest('[data-row]'), box = row && $('[data-pick-one]', row); if (box) { box.checked = !box.checked; pick(box, e.shiftKey) } },
    a: () => { const b = $('[data-key-a]'); if (b) b.matches('select,input') ? b.focus() : b.click() },
    '/': () => $('[role=search] input:not([type=hidden])', $('main'))?.focus(),
    '?': () => $('#shortcuts')?.showModal(),
  }
  document.addEventListener('keydown', e => {
    if (e.ctrlKey || e.metaKey || e.altKey || off() || e.target.closest('input:not([type=checkbox]),textarea,select,[contenteditable],dialog,[popover]')) return
    const act = keys[e.key.toLowerCase()]
    if (act && (rows().length || '/?'.includes(e.key))) { e.preventDefault(); act(e) }
  })

  /* the panel is a record's own page drawn beside the list: focus goes in, and back to the row */
  document.addEventListener('htmx:afterSettle', e => {
    sync()
    if (e.detail.target?.id === 'panel') $('#panel :is(h1,h2)')?.focus()
  })
  if (location.hash === '#panel') $('#panel :is(h1,h2)')?.focus()
  sync(); showKeys()

  /* Ctrl K: the menu's own entries, what was opened lately, then the search's answers */
  const form = $('[data-palette]')
  if (form) {
    const input = $('input', form), list = $('[role=listbox]', form), status = $('[role=status]', form)
    const recents = () => { try { return JSON.parse(localStorage.recent || '[]') } catch { return [] } }
    const h1 = $('main h1')
    if (h1 && !location.search) try { localStorage.recent = JSON.stringify([{ text: h1.textContent.trim(), href: location.pathname }, ...recents().filter(r => r.href !== location.pathname)].slice(0, 6)) } catch { /* private window */ }
    const doors = () => $$('.rail a').map(a => ({ text: $('span', a).textContent.trim(), href: a.href }))
    let at = -1, timer, asked
    const draw = found => {
      list.replaceChildren(...found.map((f, i) => { const d = document.createElement('div'); d.role = 'option'; d.id = 'p-' + i; d.dataset.href = f.href; d.textContent = f.text; return d }))
      at = found.length ? 0 : -1; mark()
      status.textContent = found.length ? status.dataset.some.replace('{n}', found.length) : status.dataset.none
    }
    const mark = () => { [...list.children].forEach((o, i) => o.setAttribute('aria-selected', i === at)); const o = list.children[at]; input.setAttribute('aria-activedescendant', o ? o.id : ''); o?.scrollIntoView({ block: 'nearest' }) }
    const fits = (d, q) => d.text.toLocaleLowerCase().includes(q.toLocaleLowerCase())
    const look = () => {
      const q = input.value.trim(), near = (q ? [...recents(), ...doors()] : [...recents(), ...doors()].slice(0, 12)).filter(d => fits(d, q))
      draw(near)
      clearTimeout(timer)
      if (q.length > 1) timer = setTimeout(() => {
        asked?.abort(); asked = new AbortController()
        fetch(form.dataset.palette + '?q=' + encodeURIComponent(q), { signal: asked.signal, headers: { 'X-Palette': '1' } }).then(r => r.text()).then(html => {
          const page = new DOMParser().parseFromString(html, 'text/html')
          draw([...near, ...[...page.querySelectorAll('.hits a')].slice(0, 12).map(a => ({ text: a.textContent.trim(), href: a.getAttribute('href') }))])
        }).catch(() => {})
      }, 180)
    }
    input.addEventListener('input', look)
    input.addEventListener('focus', look)
    input.addEventListener('keydown', e => {
      const n = list.children.length
      if (e.key === 'ArrowDown' || e.key === 'ArrowUp') { e.preventDefault(); if (n) { at = (at + (e.key === 'ArrowDown' ? 1 : n - 1)) % n; mark() } }
      if (e.key === 'Enter' && at >= 0) { e.preventDefault(); location.href = list.children[at].dataset.href }
    })
    list.addEventListener('click', e => { const o = e.target.closest('[data-href]'); if (o) location.href = o.dataset.href })
  }
}
