// A text area becomes an editor with simple formatting; the form still carries the text area.
const first = document.querySelector('[data-editor]')
if (first && window.Trix) {
  Object.assign(Trix.config.lang, JSON.parse(first.dataset.words))
  Trix.config.blockAttributes.heading1.tagName = 'h2'
}
document.querySelectorAll('[data-editor]').forEach(box => {
  const area = box.querySelector('textarea'), editor = document.createElement('trix-editor')
  if (!window.Trix || box.dataset.ready) return
  box.dataset.ready = '1'
  area.hidden = true
  editor.className = 'body'
  editor.setAttribute('aria-label', box.querySelector('label').textContent.trim())
  if (area.getAttribute('aria-describedby')) editor.setAttribute('aria-describedby', area.getAttribute('aria-describedby'))
  area.after(editor)
  editor.addEventListener('trix-initialize', () => editor.editor.loadHTML(area.value))
  editor.addEventListener('trix-change', () => { area.value = editor.value; area.dispatchEvent(new Event('input', { bubbles: true })) })
  area.form?.addEventListener('submit', () => { area.value = editor.value })
  editor.addEventListener('trix-file-accept', e => e.preventDefault())
  box.querySelector('label').addEventListener('click', () => editor.focus())
})
