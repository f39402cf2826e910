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
const size = n => (n < 1e5 ? Math.max(1, n / 1024) : n / 1048576).toLocaleString(document.documentElement.lang, { style: 'unit', unit: n < 1e5 ? 'kilobyte' : 'megabyte', maximumFractionDigits: n < 1e5 || n > 1e7 ? 0 : 1 })
const el = (tag, props) => Object.assign(document.createElement(tag), props)

/* two travel at a time, whatever field they are of; the others stand in line */
const MOST = 2, line = []
let going = 0
const next = () => { while (going < MOST && line.length) { going++; line.shift()() } }
const rest = () => { going--; next() }

const once = box => {
  if (box.dataset.ready || !box.dataset.upload || !window.tus?.isSupported) return
  box.dataset.ready = '1'
  const input = box.querySelector('input[type=file]'), list = box.querySelector('[data-files]'), drop = box.querySelector('.drop'), say = box.dataset
  const buttons = () => box.closest('form')?.querySelectorAll('[type=submit]:not([formnovalidate])') || []
  let busy = 0, all = 0, done = 0
  const paused = new Set(), total = el('p', { className: 'muted sm' })
  const count = (more, ready) => { all += more; done += ready; total.textContent = all > 1 ? say.sayTotal.replace('{done}', done).replace('{all}', all) : ''; if (!total.isConnected) list.before(total) }
  const work = n => { busy += n; buttons().forEach(b => b.toggleAttribute('data-wait', busy > 0)); if (!busy) dispatchEvent(new Event('uploads:done')) }

  const add = async original => {
    const row = el('div', { className: 'file' }), name = el('span', { className: 'name', textContent: original.name })
    const button = el('button', { type: 'button', className: 'btn btn-link', textContent: say.sayCancel })
    const spoken = el('span', { className: 'vh', textContent: ': ' + original.name }), bar = el('progress', { max: 100, value: 0 }), words = el('span', { className: 'say', textContent: say.sayWaiting })
    button.append(spoken); bar.setAttribute('aria-label', original.name)
    const tools = el('span', { className: 'cluster' })
    tools.append(button); row.append(el('span'), name, tools, bar, words); list.append(row)
    const fail = text => { row.classList.add('bad'); words.textContent = text; bar.hidden = true; button.firstChild.data = say.sayRemove }
    const file = await smaller(original)
    const other = say.sayKind && !input.accept.split(',').some(ending => original.name.toLowerCase().endsWith(ending))
    const here = box.closest('form')?.querySelectorAll(`[name="${say.name}"]:is([type=hidden],:checked)`).length + busy
    const refused = here >= +say.most ? say.sayMost : other ? say.sayKind : +say.max && file.size > +say.max && say.sayBig.replace('{size}', size(+say.max))
    if (refused) { fail(refused); button.firstChild.data = say.sayRemove; button.onclick = () => row.remove(); return }
    let over = false, at = 0, moving = false, remark = ''
    const pause = el('button', { type: 'button', className: 'btn btn-link', textContent: say.sayPause })
    pause.append(el('span', { className: 'vh', textContent: ': ' + original.name }))
    const stand = () => { if (moving) { moving = false; rest() } }
    const settle = () => { stand(); pause.hidden = true; paused.delete(go); if (!over) { over = true; work(-1) } }
    const queue = () => { words.textContent = say.sayQueued; line.push(start); next() }
    const go = () => { paused.delete(go); pause.firstChild.data = say.sayPause; pause.onclick = hold; queue() }
    const hold = () => {
      const place = line.indexOf(start)
      if (place >= 0) line.splice(place, 1)
      paused.add(go); pause.firstChild.data = say.sayResume; pause.onclick = go
      words.textContent = say.sayPaused.replace('{percent}', at)
      upload.abort().catch(() => {}).then(stand)
    }
    const start = async () => {
      moving = true
      if (!upload.url) { const before = await upload.findPreviousUploads(); if (before.length) upload.resumeFromPreviousUpload(before[0]) }
      if (moving && !over && !paused.has(go)) upload.start()
    }
    const upload = new tus.Upload(file, {
      endpoint: say.upload, chunkSize: 2 * 1048576, retryDelays: [500, 1000, 3000, 5000, 10000, 20000], removeFingerprintOnSuccess: true,
      metadata: { filename: file.name, filetype: file.type },
      onProgress: (sent, whole) => { if (paused.has(go)) return; at = Math.round(sent / whole * 100); bar.value = at; words.textContent = say.saySending.replace('{percent}', at) },
      onAfterResponse: (_, answer) => { remark = decodeURIComponent(answer.getHeader('Upload-Remark') || '') || remark },
      onSuccess: () => {
        bar.hidden = true; words.textContent = [size(file.size), say.sayDone, remark].filter(Boolean).join(' · ')
        button.firstChild.data = say.sayRemove
        button.onclick = () => { /* a save may have taken it already */
          row.hidden = true; row.querySelector('[type=hidden]').name = say.name.replace(/_upload$/, '_drop'); count(-1, -1)
          box.closest('form')?.dispatchEvent(new Event('change', { bubbles: true })); input.focus()
        }
        row.append(el('input', { type: 'hidden', name: say.name, value: upload.url.split('/').pop() }))
        box.closest('form')?.dispatchEvent(new Event('change', { bubbles: true }))
        count(0, 1); settle()
      },
      onError: error => {
        if (!navigator.onLine) { words.textContent = say.sayOffline; stand(); addEventListener('online', () => { if (!over && !paused.has(go)) queue() }, { once: true }); return }
        fail((error.originalResponse?.getStatus() >= 400 && error.originalResponse.getBody()) || say.sayFailed)
        const retry = el('button', { type: 'button', className: 'btn btn-link', textContent: say.sayRetry })
        retry.onclick = () => { retry.remove(); row.classList.remove('bad'); button.firstChild.data = say.sayCancel; bar.hidden = false; pause.hidden = false; over = false; work(1); queue() }
        words.after(retry); settle()
      },
    })
    pause.onclick = hold
    button.before(pause)
    button.onclick = () => {
      const place = line.indexOf(start)
      if (place >= 0) line.splice(place, 1)
      upload.abort(true).catch(() => {}); row.remove(); count(-1, 0); settle()
      box.closest('form')?.dispatchEvent(new Event('change', { bubbles: true })); input.focus()
    }
    work(1); count(1, 0); queue()
  }
  const take = files => { if (!input.multiple) list.querySelectorAll('.file:has([type=hidden])').forEach(r => r.remove()); [...files].forEach(add) }
  input.addEventListener('change', () => { take(input.files); input.value = '' })
  ;['dragover', 'dragleave', 'drop'].forEach(type => drop.addEventListener(type, e => { e.preventDefault(); drop.classList.toggle('over', type === 'dragover'); if (type === 'drop') take(e.dataTransfer.files) }))
  /* sending waits for what is still on its way */
  box.closest('form')?.addEventListener('submit', e => {
    if (!busy || e.submitter?.formNoValidate) return
    e.preventDefault(); e.stopImmediatePropagation()
    ;[...paused].forEach(go => go())
    list.scrollIntoView({ block: 'nearest' })
    const by = e.submitter
    addEventListener('uploads:done', () => e.target.requestSubmit(by), { once: true })
  }, true)
}
const all = () => document.querySelectorAll('[data-upload]').forEach(once)
all()
document.addEventListener('htmx:afterSettle', all)
