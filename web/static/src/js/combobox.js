// Find one of many by typing: the list autocomplete of the ARIA practices.
const once = box => {
  if (box.dataset.ready) return
  box.dataset.ready = '1'
  const [key, input, list, status] = ['input[type=hidden]', 'input.input', '[role=listbox]', '[role=status]'].map(s => box.querySelector(s))
  const set = (name, value) => input.setAttribute('aria-' + name, value)
  input.removeAttribute('list')
  input.role = 'combobox'
  set('autocomplete', 'list'); set('controls', list.id); set('expanded', 'false')
  let at = -1, timer, asked
  const options = () => [...list.querySelectorAll('[role=option]')]
  const close = () => { list.hidden = true; at = -1; set('expanded', 'false'); input.removeAttribute('aria-activedescendant') }
  const mark = i => {
    at = i
    options().forEach((o, n) => o.setAttribute('aria-selected', n === at))
    const o = options()[at]
    if (o) { set('activedescendant', o.id); o.scrollIntoView({ block: 'nearest' }) } else input.removeAttribute('aria-activedescendant')
  }
  const take = o => { input.value = o.dataset.text; key.value = o.dataset.value; close(); key.dispatchEvent(new Event('change', { bubbles: true })); input.dispatchEvent(new Event('input', { bubbles: true })) }
  const look = async () => {
    const q = input.value.trim()
    if (!q) { close(); return }
    asked?.abort(); asked = new AbortController()
    try {
      const answer = await fetch(box.dataset.combo + (box.dataset.combo.includes('?') ? '&' : '?') + 'q=' + encodeURIComponent(q), { signal: asked.signal, headers: { 'HX-Request': 'true' } })
      if (!answer.ok) return
      list.innerHTML = await answer.text()
    } catch { return }
    const found = options()
    found.forEach((o, i) => { o.id = list.id + '-' + i })
    list.hidden = !found.length
    set('expanded', String(!!found.length))
    mark(-1)
    status.textContent = found.length ? box.dataset.some.replace('{n}', found.length) : box.dataset.none
  }
  let chosen = input.value
  input.addEventListener('input', e => {
    if (!e.isTrusted) { chosen = input.value; return }
    if (input.value !== chosen) key.value = ''
    clearTimeout(timer); timer = setTimeout(look, 200)
  })
  input.addEventListener('keydown', e => {
    const n = options().length
    if (e.key === 'ArrowDown' || e.key === 'ArrowUp') {
      e.preventDefault()
      if (list.hidden) look(); else if (n) mark(e.key === 'ArrowDown' ? (at + 1) % n : (at + n - (at < 0 ? 0 : 1)) % n)
    } else if (e.key === 'Enter' && !list.hidden && at >= 0) { e.preventDefault(); take(options()[at]) }
    else if (e.key === 'Escape') { if (!list.hidden) { e.stopPropagation(); close() } else { input.value = ''; key.value = '' } }
  })
  list.addEventListener('mousedown', e => { const o = e.target.closest('[role=option]'); if (o) { e.preventDefault(); take(o) } })
  input.addEventListener('blur', () => setTimeout(close, 150))
}
const all = () => document.querySelectorAll('[data-combo]').forEach(once)
all()
document.addEventListener('htmx:afterSettle', all)
