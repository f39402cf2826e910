// Rows of a table come and go at once. Without this script each costs a round trip.
const name = () => Math.random().toString(36).slice(2, 12)
const list = box => box.querySelector('[data-row-list]')
const changed = box => box.dispatchEvent(new Event('input', { bubbles: true }))
const make = (box, id = name()) => {
  const pattern = box.querySelector('[data-row-new]').innerHTML.replaceAll('__row__', id)
  list(box).insertAdjacentHTML('beforeend', pattern)
  return list(box).lastElementChild
}
document.addEventListener('click', e => {
  const add = e.target.closest('[data-row-add]'), drop = e.target.closest('[data-row-drop]'), raise = e.target.closest('[data-row-raise]')
  if (!add && !drop && !raise) return
  e.preventDefault()
  const box = e.target.closest('[data-rows]')
  if (add) make(box).querySelector('input:not([type=hidden]),select,textarea').focus()
  else if (raise) {
    const row = raise.closest('[data-row]')
    row.previousElementSibling?.before(row)
    raise.focus()
  } else {
    const row = drop.closest('[data-row]')
    box.insertAdjacentHTML('beforeend', `<input type="hidden" name="${box.dataset.rows}_gone" value="${row.dataset.row}">`)
    row.remove()
    if (!list(box).children.length) make(box)
    box.querySelector('[data-row-add],[data-row-drop]')?.focus()
  }
  changed(box)
})
/* a kept draft has rows that the page has not: make them before it is filled in */
document.addEventListener('draft:apply', e => {
  for (const box of document.querySelectorAll('[data-rows]')) {
    for (const id of e.detail[box.dataset.rows + '_gone'] || []) [...list(box).children].find(row => row.dataset.row === id)?.querySelector('[data-row-drop]').click()
    for (const id of e.detail[box.dataset.rows + '_row'] || []) {
      if (/^[\w-]{1,64}$/.test(id) && ![...list(box).children].some(row => row.dataset.row === id)) make(box, id)
    }
  }
})
/* what was saved is added up by the portal, in the reader's language */
addEventListener('draft:saved', async () => {
  if (!document.querySelector('[data-rows] [data-totals]:not(:empty)')) return
  const answer = await fetch(location.href)
  if (!answer.ok) return
  const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html')
  for (const sums of document.querySelectorAll('[data-totals]')) {
    const now = fresh.querySelector(`[data-totals="${CSS.escape(sums.dataset.totals)}"]`)
    if (now) sums.replaceChildren(...now.childNodes)
  }
})
