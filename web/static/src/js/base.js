// What every page may use: theme, menus, dialogs, copying, focus, busy buttons, toasts.
// Everything here improves; nothing here is needed.
const $ = (s, r = document) => r.querySelector(s)
const $$ = (s, r = document) => [...r.querySelectorAll(s)]
const root = document.documentElement
const cookie = (name, value) => { document.cookie = `${name}=${value};path=/;max-age=31536000;samesite=lax${location.protocol === 'https:' ? ';secure' : ''}` }
const readCookie = name => (document.cookie.match('(?:^|; )' + name + '=([^;]*)') || [])[1]
const say = text => { const t = $('#toasts'); if (!t) return; const p = document.createElement('p'); p.className = 'toast'; p.textContent = text; t.append(p); setTimeout(() => p.remove(), 4000) }
const typing = t => t.closest('input:not([type=checkbox],[type=radio],[type=button],[type=submit]),textarea,select,[contenteditable],dialog')

/* theme */
const theme = () => readCookie('theme') || root.dataset.theme || 'system'
const paint = () => $$('[data-theme-set]').forEach(b => b.setAttribute('aria-pressed', b.dataset.themeSet === theme()))
const setTheme = value => { cookie('theme', value); if (value === 'system') delete root.dataset.theme; else root.dataset.theme = value; paint() }
paint()

/* times are shown on the clock of this device too, from the next page on */
try { const z = Intl.DateTimeFormat().resolvedOptions().timeZone; if (z && readCookie('zone') !== z) cookie('zone', z) } catch { /* without it the union's zone is shown, by its name */ }

/* of tabs wider than the window, the current one is in sight */
$$('.tabs [aria-current]').forEach(a => { a.parentElement.scrollLeft = a.offsetLeft - a.parentElement.offsetLeft - 16 })

/* menus made of details: one open at a time, Esc closes and gives the focus back */
const shut = except => $$('details.menu[open]').forEach(d => { if (d !== except && !d.contains(except)) d.open = false })
const items = box => $$('a,button', box).filter(e => e.offsetParent !== null && !e.hidden)

/* dialogs */
const open = id => { const d = document.getElementById(id); if (d && d.showModal && !d.open) { shut(); d.showModal(); return true } }

document.addEventListener('click', e => {
  const t = e.target
  shut(t.closest('details.menu') || t)
  let b
  if ((b = t.closest('[data-theme-set]'))) { setTheme(b.dataset.themeSet); shut(); return }
  if ((b = t.closest('[data-dialog]')) && open(b.dataset.dialog)) { e.preventDefault(); return }
  if ((b = t.closest('[data-copy]'))) { navigator.clipboard?.writeText(b.dataset.copy).then(() => say(b.dataset.done)); return }
  if (t.closest('[data-print]')) { print(); return }
  if ((b = t.closest('[data-dismiss]'))) { b.closest('.toast').remove(); return }
  if (t.nodeName === 'DIALOG' && t.id !== 'timeout') t.close()
})

document.addEventListener('keydown', e => {
  const menu = e.target.closest('details.menu[open],[popover]')
  if (e.key === 'Escape') { const d = e.target.closest('details.menu[open]') || $('details.menu[open]'); if (d) { d.open = false; $('summary', d).focus() } }
  if (menu && ['ArrowDown', 'ArrowUp', 'Home', 'End'].includes(e.key)) {
    const list = items(menu.querySelector('.menu-pop') || menu), at = list.indexOf(document.activeElement)
    const to = { ArrowDown: at + 1, ArrowUp: at - 1 + (at < 0), Home: 0, End: -1 }[e.key]
    e.preventDefault(); list.at(to % list.length)?.focus()
  } else if (menu && e.key.length === 1 && !e.ctrlKey && !e.metaKey && !typing(e.target)) {
    const letter = e.key.toLocaleLowerCase(root.lang)
    items(menu).find(i => i.textContent.trim().toLocaleLowerCase(root.lang).startsWith(letter) && i !== document.activeElement)?.focus()
  }
  if ((e.ctrlKey || e.metaKey) && e.key.toLowerCase() === 'k' && open('palette')) e.preventDefault()
})

/* a popover stands below its button */
document.addEventListener('toggle', e => {
  const box = e.target
  if (box.nodeName === 'DETAILS' || e.newState !== 'open') return
  const b = $(`[popovertarget="${box.id}"]`)
  if (!b || !b.matches('[data-menu]')) return
  const r = b.getBoundingClientRect()
  box.classList.add('placed')
  const left = root.dir === 'rtl' ? r.right - box.offsetWidth : r.left
  box.style.insetInlineStart = 'auto'
  box.style.left = Math.max(8, Math.min(left, innerWidth - box.offsetWidth - 8)) + 'px'
  box.style.top = (r.bottom + box.offsetHeight + 8 > innerHeight ? Math.max(8, r.top - box.offsetHeight - 4) : r.bottom + 4) + 'px'
  items(box)[0]?.focus()
}, true)

/* a form sends once: its button keeps its width and says that it is busy */
document.addEventListener('submit', e => {
  const f = e.target
  if (f.method === 'dialog' || f.method === 'get' || e.defaultPrevented) return
  if (f.dataset.sent) { e.preventDefault(); return }
  const b = e.submitter
  if (b?.getAttribute('aria-disabled') === 'true') { e.preventDefault(); return }
  f.dataset.sent = '1'
  if (b) { b.style.inlineSize = b.offsetWidth + 'px'; b.setAttribute('aria-busy', 'true') }
  setTimeout(() => { delete f.dataset.sent; b?.removeAttribute('aria-busy') }, 8000)
})
addEventListener('pageshow', () => $$('form[data-sent]').forEach(f => { delete f.dataset.sent; $$('[aria-busy]', f).forEach(b => b.removeAttribute('aria-busy')) }))

/* what a fresh piece of page needs */
const wake = box => {
  $$('[data-focus]', box).forEach(e => e.focus())
  $$('[data-toast]', box).forEach(t => { if (t.dataset.toast) setTimeout(() => t.remove(), +t.dataset.toast) })
  $$('[data-start]', box).forEach(e => { e.scrollLeft = (e.scrollWidth - e.clientWidth) * e.dataset.start })
  $$('[data-date]', box).forEach(d => {
    if (d.dataset.ready) return
    d.dataset.ready = '1'
    const [text, button, native] = ['input.input', 'button', 'input[type=date]'].map(s => $(s, d))
    button.addEventListener('click', () => native.showPicker?.())
    native.addEventListener('change', () => {
      const [y, m, day] = native.value.split('-')
      text.value = root.lang === 'en' ? `${+day}/${+m}/${y}` : `${day}.${m}.${y}`
      text.dispatchEvent(new Event('input', { bubbles: true })); text.focus()
    })
  })
}
wake(document)
document.addEventListener('htmx:afterSettle', e => wake(e.detail.elt.parentNode || document))

document.addEventListener('change', e => {
  const note = e.target.type === 'file' && e.target.files.length && $('[data-picked]', e.target.parentNode)
  if (note) note.textContent = [...e.target.files].map(f => f.name).join(', ')
})

/* a link to a closed disclosure opens it */
const unfold = () => { const d = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)))?.closest('details'); if (d) d.open = true }
addEventListener('hashchange', unfold); unfold()

/* five minutes before the session ends */
const last = $('#timeout')
if (last) {
  let timer
  const arm = () => { clearTimeout(timer); timer = setTimeout(() => last.showModal(), Math.max(1, last.dataset.minutes - 5) * 60000) }
  $('[data-stay]', last).addEventListener('click', () => fetch(location.href, { headers: { 'X-Stay': '1' } }).finally(() => { last.close(); arm() }))
  document.addEventListener('htmx:afterRequest', arm); addEventListener('draft:saved', arm); arm()
}

/* groups of the desk's menu stay as they were left; the one with this page is always open */
const folds = (() => { try { return JSON.parse(localStorage.folds || '{}') } catch { return {} } })()
const foldOf = d => new URL($('a', d).href).pathname.slice(3)
$$('.rail-group').forEach(d => {
  if (!$('[aria-current]', d) && foldOf(d) in folds) d.open = folds[foldOf(d)]
  $('summary', d).addEventListener('click', () => { folds[foldOf(d)] = !d.open; try { localStorage.folds = JSON.stringify(folds) } catch { /* no storage: as the server drew it */ } })
})
