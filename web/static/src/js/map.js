// A zoomable map on the portal's own land shapes: no tiles, no foreign address, no borders.
const once = async box => {
  if (box.dataset.ready || !window.L) return
  box.dataset.ready = '1'
  const d = box.dataset, colour = name => getComputedStyle(box).getPropertyValue(name).trim()
  const land = await fetch(d.land).then(r => r.json()).catch(() => null)
  box.replaceChildren()
  const map = L.map(box, { zoomControl: false, minZoom: 2, maxZoom: 12, worldCopyJump: true, preferCanvas: true, zoomSnap: 0.5 }).setView([+d.lat || 43, +d.lon || 58], +d.zoom || 3)
  L.control.zoom({ zoomInTitle: d.in, zoomOutTitle: d.out }).addTo(map)
  map.attributionControl.setPrefix('').addAttribution(d.sources)
  const paint = () => ({ stroke: false, fillColor: colour('--surface'), fillOpacity: 1, interactive: false, fillRule: 'evenodd' })
  const shapes = land && L.polygon(land.map(ring => { let x = 0, y = 0; const out = []; for (let i = 0; i < ring.length; i += 2) { x += ring[i]; y += ring[i + 1]; out.push([y / 100, x / 100]) } return [out] }), paint()).addTo(map)
  const dot = () => ({ radius: 6, color: colour('--surface'), weight: 2, fillColor: colour('--accent'), fillOpacity: 1 })
  const marks = L.featureGroup().addTo(map)
  const show = list => {
    marks.clearLayers()
    for (const f of list.features) {
      const [lon, lat] = f.geometry.coordinates, p = f.properties, text = document.createElement('div'), a = document.createElement(p.href ? 'a' : 'b')
      a.textContent = p.name; if (p.href) a.href = p.href
      text.append(a)
      if (p.note) { const n = document.createElement('div'); n.textContent = p.note; text.append(n) }
      L.circleMarker([lat, lon], dot()).bindPopup(text).bindTooltip(p.name).addTo(marks)
    }
    if (list.features.length && !d.zoom.replace('0', '')) map.fitBounds(marks.getBounds(), { maxZoom: 7, padding: [24, 24] })
  }
  if (d.map) fetch(d.map).then(r => r.json()).then(show).catch(() => {})
  if (d.pickLat) {
    const [lat, lon] = [d.pickLat, d.pickLon].map(n => document.getElementsByName(n)[0])
    let pin
    const set = (at, tell) => {
      pin ? pin.setLatLng(at) : (pin = L.circleMarker(at, { ...dot(), radius: 9 }).addTo(map))
      if (tell) { lat.value = at.lat.toFixed(5); lon.value = at.lng.toFixed(5); lat.dispatchEvent(new Event('input', { bubbles: true })) }
    }
    const typed = () => { const [y, x] = [lat, lon].map(f => parseFloat(f.value.replace(',', '.'))); if (isFinite(y) && isFinite(x) && Math.abs(y) <= 90 && Math.abs(x) <= 180) { set(L.latLng(y, x)); map.panTo([y, x]) } }
    map.on('click', e => set(e.latlng.wrap(), true))
    const here = box.parentNode.querySelector('[data-here]'), note = document.createElement('p')
    note.className = 'hint'; note.setAttribute('role', 'status'); here?.parentNode.after(note)
    here?.addEventListener('click', () => navigator.geolocation.getCurrentPosition(
      p => { const at = L.latLng(p.coords.latitude, p.coords.longitude); note.textContent = ''; set(at, true); map.setView(at, 9) },
      () => { note.textContent = here.dataset.here }, { enableHighAccuracy: true, timeout: 15000 }))
    lat.addEventListener('change', typed); lon.addEventListener('change', typed); typed()
  }
  new MutationObserver(() => { shapes?.setStyle(paint()); marks.eachLayer(m => m.setStyle(dot())) }).observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] })
}
const all = () => document.querySelectorAll('[data-map]').forEach(once)
all()
document.addEventListener('htmx:afterSettle', all)
