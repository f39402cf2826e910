// A draft saves itself: to the server a moment after each change, and into the browser at
// once. Nothing typed is lost by a closed tab, a lost network or an expired session.
const ready = new WeakSet()
const store = {
  get: k => { try { return JSON.parse(localStorage.getItem(k)) } catch { return null } },
  set: (k, v) => { try { localStorage.setItem(k, JSON.stringify(v)) } catch { /* full or private: the server's copy remains */ } },
  drop: k => { try { localStorage.removeItem(k) } catch { /* nothing was kept */ } },
}
const plain = form => {
  const out = {}
  for (const [name, value] of new FormData(form)) if (typeof value === 'string' && name !== 'version') (out[name] ||= []).push(value)
  return out
}
const apply = (form, kept) => {
  document.dispatchEvent(new CustomEvent('draft:apply', { detail: kept }))
  for (const field of form.elements) {
    if (!field.name || field.type === 'hidden' || field.type === 'file' || !(field.name in kept) && !['checkbox', 'radio'].includes(field.type)) continue
    const values = kept[field.name] || []
    if (field.type === 'checkbox' || field.type === 'radio') field.checked = values.includes(field.value)
    else field.value = values[0]
    field.dispatchEvent(new Event('input', { bubbles: true }))
  }
}
const start = form => {
  if (ready.has(form)) return
  ready.add(form)
  const { draft: url, draftKey, saySaved, sayBusy, sayKept, sayExpired } = form.dataset
  const key = 'draft:' + (draftKey || location.pathname)
  const status = document.querySelector('[data-saved]')
  let first = JSON.stringify(plain(form)), timer, running, again, left = false
  const show = (text, mood) => { if (status && text) { status.textContent = text; status.className = 'saved ' + (mood || '') } }
  const keep = () => store.set(key, { at: Date.now(), first, fields: plain(form) })
  const dirty = () => JSON.stringify(plain(form)) !== first

  /* the same page came back well: what was sent is stored */
  if (sessionStorage.getItem('sent') === key && ('stored' in form.dataset || !document.querySelector('[data-focus]'))) { store.drop(key); sessionStorage.removeItem('sent') }
  const offer = form.querySelector('[data-draft-offer]'), kept = store.get(key)
  if (kept && JSON.stringify(kept.fields) !== first && Date.now() - kept.at < 30 * 864e5) {
    if (offer) {
      offer.hidden = false
      offer.querySelector('[data-draft-take]').addEventListener('click', () => { apply(form, kept.fields); offer.hidden = true; form.querySelector('input:not([type=hidden]),textarea,select')?.focus() })
      offer.querySelector('[data-draft-drop]').addEventListener('click', () => { store.drop(key); offer.hidden = true })
    } else apply(form, kept.fields)
  } else store.drop(key)

  const save = async () => {
    if (!url || !dirty()) return
    if (running) { again = true; return }
    running = true
    show(sayBusy, 'busy')
    const sent = JSON.stringify(plain(form))
    try {
      const body = new URLSearchParams()
      for (const [name, value] of new FormData(form)) if (typeof value === 'string') body.append(name, value)
      const answer = await fetch(url, { method: 'POST', body, headers: { 'X-Draft': 'save' }, redirect: 'manual', keepalive: body.toString().length < 6e4 })
      if (answer.ok) {
        first = sent
        const version = answer.headers.get('X-Version'), at = answer.headers.get('X-Saved-At') || new Date().toLocaleTimeString(document.documentElement.lang, { hour: '2-digit', minute: '2-digit' })
        if (version && form.elements.version) form.elements.version.value = version
        if (!dirty()) store.drop(key)
        show(saySaved?.replace('{time}', at))
        dispatchEvent(new Event('draft:saved'))
      } else show(answer.type === 'opaqueredirect' || answer.status === 401 ? sayExpired : sayKept, 'bad')
    } catch { show(sayKept, 'bad') }
    running = false
    if (again) { again = false; save() }
  }
  const changed = () => { keep(); clearTimeout(timer); timer = setTimeout(save, 900) }
  form.addEventListener('input', changed)
  form.addEventListener('change', changed)
  form.addEventListener('submit', () => { left = true; keep(); clearTimeout(timer); sessionStorage.setItem('sent', key) })
  addEventListener('online', save)
  document.addEventListener('visibilitychange', () => { if (document.hidden && !left) save() })
  addEventListener('beforeunload', e => { if (!left && dirty() && url !== undefined) { save(); e.preventDefault() } })
}
/* the page after a sending that went well: the browser's copy has done its work */
const sent = sessionStorage.getItem('sent')
if (sent && !document.querySelector('[data-focus]') && ![...document.querySelectorAll('[data-draft]')].some(f => 'draft:' + f.dataset.draftKey === sent)) { store.drop(sent); sessionStorage.removeItem('sent') }
const all = () => document.querySelectorAll('form[data-draft]').forEach(start)
all()
document.addEventListener('htmx:afterSettle', all)
