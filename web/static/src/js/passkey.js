// Asks the browser for a passkey: posts to begin, hands the options to the browser, posts
// its answer to finish, and goes where that says.
const bytes = s => Uint8Array.from(atob(s.replace(/-/g, '+').replace(/_/g, '/')), c => c.charCodeAt(0))
const text = b => btoa(String.fromCharCode(...new Uint8Array(b))).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '')

const decode = o => {
  o.challenge = bytes(o.challenge)
  if (o.user) o.user.id = bytes(o.user.id)
  for (const c of [...(o.allowCredentials || []), ...(o.excludeCredentials || [])]) c.id = bytes(c.id)
  return o
}

const encode = c => {
  const out = { id: c.id, rawId: text(c.rawId), type: c.type, clientExtensionResults: c.getClientExtensionResults(), response: {} }
  if (c.authenticatorAttachment) out.authenticatorAttachment = c.authenticatorAttachment
  for (const name of ['clientDataJSON', 'attestationObject', 'authenticatorData', 'signature', 'userHandle']) {
    if (c.response[name]) out.response[name] = text(c.response[name])
  }
  if (c.response.getTransports) out.response.transports = c.response.getTransports()
  return out
}

const post = async (url, body) => {
  const answer = await fetch(url, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body })
  const said = await answer.json().catch(() => ({}))
  if (answer.ok) return said
  if (said.next) { location.assign(said.next); return new Promise(() => {}) }
  throw new Error(said.message || '')
}

const ask = async box => {
  const options = decode(await post(box.dataset.begin, '{}'))
  const made = box.dataset.passkey === 'create'
    ? await navigator.credentials.create({ publicKey: options })
    : await navigator.credentials.get({ publicKey: options })
  const field = document.getElementById(box.dataset.nameOf)
  const name = field && field.value ? '?name=' + encodeURIComponent(field.value) : ''
  const said = await post(box.dataset.finish + name, JSON.stringify(encode(made)))
  location.assign(said.next)
}

if (window.PublicKeyCredential && navigator.credentials) {
  document.querySelectorAll('[data-passkey]').forEach(box => {
    const button = box.querySelector('button'), fault = box.querySelector('[role=alert]')
    box.hidden = false
    button.addEventListener('click', async () => {
      button.disabled = true
      fault.hidden = true
      try {
        await ask(box)
      } catch (e) {
        // The browser's own errors are in its language and for programmers.
        fault.textContent = e.constructor === Error && e.message ? e.message : box.dataset.failed
        fault.hidden = false
        button.disabled = false
      }
    })
  })
}
