// A passage that is selected in the signed opinion becomes a line to hide.
let chosen = ''
const box = document.querySelector('[data-redact]'), press = document.querySelector('[data-redact-add]')
document.addEventListener('selectionchange', () => {
  const s = document.getSelection()
  if (s.rangeCount && box.contains(s.anchorNode) && box.contains(s.focusNode)) chosen = s.toString().replace(/\s+/g, ' ').trim()
})
press?.addEventListener('click', () => {
  const field = [...document.querySelectorAll('input[name=hide]')].find(f => !f.value)
  if (!chosen) return
  if (!field) return press.form.requestSubmit()
  field.value = chosen
  document.getElementById(field.id.replace('hide', 'word')).focus()
})
