// Lists: picking rows, the bulk bar in the filters' place, keys J K X A O / ? and G, the side panel.
if (!window.birlikTable) {
  window.birlikTable = true
  const $ = (s, r = document) => r.querySelector(s), $$ = (s, r = document) => [...r.querySelectorAll(s)]
  const boxes = () => $$('[data-pick-one]'), rows = () => $$('[data-row], .tasks li')
  let last = null, cursor = null, going = 0

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
    o: () => (cursor?.isConnected ? $('.subject, a', cursor) : document.activeElement.closest('[data-row]')?.querySelector('.subject'))?.click(),
    g: () => { going = Date.now() },
    '/': () => $('[role=search] input:not([type=hidden])', $('main'))?.focus(),
    '?': () => $('#shortcuts')?.showModal(),
  }
  document.addEventListener('keydown', e => {
    if (e.ctrlKey || e.metaKey || e.altKey || off() || e.target.closest('input:not([type=checkbox]),textarea,select,[contenteditable],dialog,[popover]')) return
    const to = Date.now() - going < 1500 && { w: '/desk', i: '/desk/requests', s: '/desk/search' }[e.key.toLowerCase()]
    going = 0
    if (to) { e.preventDefault(); location.href = '/' + document.documentElement.lang + to; return }
    const act = keys[e.key.toLowerCase()]
    if (act && (rows().length || '/?gG'.includes(e.key))) { e.preventDefault(); act(e) }
  })

  /* a part of the page was drawn anew; the side panel itself takes the focus as the address names it */
  document.addEventListener('htmx:afterSettle', sync)
  sync(); showKeys()
}
