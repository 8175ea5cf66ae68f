// What a reviewer would complain about: contrast of every text, size of every target, names, sideways scrolling.
({
contrast: () => {
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const rgba = (colour) => { canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data; return [r, g, b, a / 255]; };
  const over = (top, below) => [0, 1, 2].map((i) => top[i] * top[3] + below[i] * (1 - top[3])).concat(1);
  const light = ([r, g, b]) => [r, g, b].map((v) => v / 255).map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = (element) => { const layers = [];
    for (let e = element; e; e = e.parentElement) layers.unshift(rgba(getComputedStyle(e).backgroundColor));
    return layers.reduce((below, layer) => over(layer, below), [255, 255, 255, 1]); };
  const poor = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.textContent.trim() || !element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
    if (element.closest('.unseen, .skip, script, noscript')) continue;
    const style = getComputedStyle(element), ground = behind(element), ink = over(rgba(style.color), ground);
    const [hi, lo] = [light(ink), light(ground)].sort((a, b) => b - a);
    const ratio = (hi + 0.05) / (lo + 0.05);
    const large = parseFloat(style.fontSize) >= 24 || (parseFloat(style.fontSize) >= 18.66 && style.fontWeight >= 700);
    if (ratio < (large ? 3 : 4.5)) poor.push(`${walker.currentNode.textContent.trim().slice(0, 30)}: ${ratio.toFixed(2)}`);
  }
  return poor;
},
targets: () => [...document.querySelectorAll('button, select, textarea, summary, a.button, a.small, .tongues a')]
  .filter((e) => e.checkVisibility()).map((e) => [e, e.getBoundingClientRect()])
  .filter(([e, box]) => box.height < 43.5 || box.width < 43.5)
  .map(([e, box]) => `${e.textContent.trim().slice(0, 20) || e.id}: ${box.width.toFixed(0)}x${box.height.toFixed(0)}`),
nameless: () => [...document.querySelectorAll('button, a, select, textarea, img, [role="log"], [role="group"]')]
  .filter((e) => e.checkVisibility())
  .filter((e) => !(e.textContent.trim() || e.getAttribute('aria-label') || e.hasAttribute('alt')
    || e.labels?.length || e.getAttribute('aria-labelledby')))
  .map((e) => e.outerHTML.slice(0, 80)),
sideways: () => {
  const root = document.documentElement, log = document.getElementById('log');
  const wide = [...document.querySelectorAll('body *')].filter((e) => e.checkVisibility() && !e.closest('.unseen, .skip, .scroll'))
    .filter((e) => { const box = e.getBoundingClientRect(); return box.right > innerWidth + 1 || box.left < -1; });
  return (root.scrollWidth > innerWidth || (log && log.scrollWidth > log.clientWidth + 1) ? ['page scrolls sideways'] : [])
    .concat(wide.map((e) => e.outerHTML.slice(0, 80)));
}
})
