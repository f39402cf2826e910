// Counts what is left of a limited text: seen at once, spoken after a pause.
// Words are counted as the portal counts them: runs between spaces that hold a letter or a
// digit, and each ideograph or kana by itself.
const words = s => s.replace(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/gu, ' x ')
  .split(/[\s\u200b]+/).filter(w => /[\p{L}\p{Nd}]/u.test(w)).length
const once = t => {
  if (t.dataset.counting) return
  t.dataset.counting = '1'
  const shown = document.getElementById(t.id + '-count'), spoken = document.getElementById(t.id + '-say')
  let timer
  const count = () => {
    const left = t.dataset.limit - ('words' in t.dataset ? words(t.value) : [...t.value].length)
    const text = (left < 0 ? t.dataset.over : t.dataset.left).replace('{n}', Math.abs(left).toLocaleString(document.documentElement.lang))
    shown.textContent = text
    shown.classList.toggle('over', left < 0)
    clearTimeout(timer)
    timer = setTimeout(() => { spoken.textContent = text }, 1000)
  }
  t.addEventListener('input', count)
  if (t.value) { count(); clearTimeout(timer) }
}
const all = () => document.querySelectorAll('textarea[data-limit]').forEach(once)
all()
document.addEventListener('htmx:afterSettle', all)
