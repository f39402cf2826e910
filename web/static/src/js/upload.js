// Files travel in parts (tus) and go on where they broke. Photos are made smaller first.
// Without this script the same field is a plain file input.
const SIDE = 2560, WORTH = 1.5e6
const smaller = async file => {
  if (!/^image\/(jpeg|png|webp)$/.test(file.type) || file.size < WORTH || !window.createImageBitmap) return file
  try {
    const picture = await createImageBitmap(file, { imageOrientation: 'from-image' })
    const scale = Math.min(1, SIDE / Math.max(picture.width, picture.height))
    const canvas = document.createElement('canvas')
    canvas.width = Math.round(picture.width * scale); canvas.height = Math.round(picture.height * scale)
    canvas.getContext('2d').drawImage(picture, 0, 0, canvas.width, canvas.height)
    picture.close()
    const blob = await new Promise(done => canvas.toBlob(done, 'image/jpeg', 0.85))
    return blob && blob.size < file.size ? new File([blob], file.name.replace(/\.\w+$/, '.jpg'), { type: 'image/jpeg', lastModified: file.lastModified }) : file
  } catch { return file }
}
const size = n => { const mb = n / 1048576; return mb.toLocaleString(document.documentElement.lang, { maximumFractionDigits: mb < 10 ? 1 : 0 }) + ' MB' }
const el = (tag, props) => Object.assign(document.createElement(tag), props)

const once = box => {
  if (box.dataset.ready || !box.dataset.upload || !window.tus?.isSupported) return
  box.dataset.ready = '1'
  const input = box.querySelector('input[type=file]'), list = box.querySelector('[data-files]'), drop = box.querySelector('.drop'), say = box.dataset
  const buttons = () => box.closest('form')?.querySelectorAll('[type=submit]:not([formnovalidate])') || []
  let busy = 0
  const work = n => { busy += n; buttons().forEach(b => b.toggleAttribute('data-wait', busy > 0)); if (!busy) dispatchEvent(new Event('uploads:done')) }

  const add = async original => {
    const row = el('div', { className: 'file' }), name = el('span', { className: 'name', textContent: original.name })
    const button = el('button', { type: 'button', className: 'btn btn-link', textContent: say.sayCancel })
    const spoken = el('span', { className: 'vh', textContent: ': ' + original.name }), bar = el('progress', { max: 100, value: 0 }), words = el('span', { className: 'say', textContent: say.sayWaiting })
    button.append(spoken); bar.setAttribute('aria-label', original.name)
    row.append(el('span'), name, button, bar, words); list.append(row)
    const fail = text => { row.classList.add('bad'); words.textContent = text; bar.hidden = true }
    const file = await smaller(original)
    const other = say.sayKind && !input.accept.split(',').some(ending => original.name.toLowerCase().endsWith(ending))
    const refused = other ? say.sayKind : +say.max && file.size > +say.max && say.sayBig.replace('{size}', size(+say.max))
    if (refused) { fail(refused); button.firstChild.data = say.sayRemove; button.onclick = () => row.remove(); return }
    let over = false
    const settle = () => { if (!over) { over = true; work(-1) } }
    const upload = new tus.Upload(file, {
      endpoint: say.upload, chunkSize: 2 * 1048576, retryDelays: [0, 1000, 3000, 5000, 10000, 20000], removeFingerprintOnSuccess: true,
      metadata: { filename: file.name, filetype: file.type },
      onProgress: (done, all) => { const p = Math.round(done / all * 100); bar.value = p; words.textContent = say.saySending.replace('{percent}', p) },
      onSuccess: () => {
        bar.hidden = true; words.textContent = `${size(file.size)} · ${say.sayDone}`
        button.firstChild.data = say.sayRemove
        button.onclick = () => { /* a save may have taken it already */
          row.hidden = true; row.querySelector('[type=hidden]').name = say.name.replace(/_upload$/, '_drop')
          box.closest('form')?.dispatchEvent(new Event('change', { bubbles: true })); input.focus()
        }
        row.append(el('input', { type: 'hidden', name: say.name, value: upload.url.split('/').pop() }))
        box.closest('form')?.dispatchEvent(new Event('change', { bubbles: true }))
        settle()
      },
      onError: error => {
        fail((error.originalResponse?.getStatus() >= 400 && error.originalResponse.getBody()) || say.sayFailed)
        const retry = el('button', { type: 'button', className: 'btn btn-link', textContent: say.sayRetry })
        retry.onclick = () => { retry.remove(); row.classList.remove('bad'); bar.hidden = false; over = false; work(1); upload.start() }
        words.after(retry); settle()
      },
    })
    button.onclick = () => { upload.abort(true).catch(() => {}); row.remove(); settle(); box.closest('form')?.dispatchEvent(new Event('change', { bubbles: true })); input.focus() }
    work(1)
    const before = await upload.findPreviousUploads()
    if (before.length) upload.resumeFromPreviousUpload(before[0])
    upload.start()
  }
  const take = files => { if (!input.multiple) list.querySelectorAll('.file:has([type=hidden])').forEach(r => r.remove()); [...files].forEach(add) }
  input.addEventListener('change', () => { take(input.files); input.value = '' })
  ;['dragover', 'dragleave', 'drop'].forEach(type => drop.addEventListener(type, e => { e.preventDefault(); drop.classList.toggle('over', type === 'dragover'); if (type === 'drop') take(e.dataTransfer.files) }))
  /* sending waits for what is still on its way */
  box.closest('form')?.addEventListener('submit', e => {
    if (!busy || e.submitter?.formNoValidate) return
    e.preventDefault(); e.stopImmediatePropagation()
    list.scrollIntoView({ block: 'nearest' })
    const by = e.submitter
    addEventListener('uploads:done', () => e.target.requestSubmit(by), { once: true })
  }, true)
}
const all = () => document.querySelectorAll('[data-upload]').forEach(once)
all()
document.addEventListener('htmx:afterSettle', all)
