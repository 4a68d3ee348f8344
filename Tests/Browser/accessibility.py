# SPDX-License-Identifier: Apache-2.0
"""What can be checked of the accessibility of a page without looking at it.

Source: W3C, Web Content Accessibility Guidelines 2.2: 1.1.1, 1.3.1, 1.4.3, 2.5.8, 3.1.1, 4.1.2.
"""

# Gives a list of sentences, empty where nothing is wrong.
COMPLAINTS = r"""
const wrong = [];
const seen = (node) => node.checkVisibility({ opacityProperty: true, visibilityProperty: true });
const tell = (node) => node.outerHTML.slice(0, 90);

if (!document.documentElement.lang) wrong.push("the page has no language");
if (document.querySelectorAll("h1").length !== 1) wrong.push("the page has not one h1");
if (document.querySelectorAll("main").length !== 1) wrong.push("the page has not one main");

// Every id once, and every reference to one that is there.
const ids = [...document.querySelectorAll("[id]")].map((node) => node.id);
for (const id of ids) if (ids.indexOf(id) !== ids.lastIndexOf(id)) wrong.push(`the id ${id} stands twice`);
for (const name of ["for", "aria-labelledby", "aria-describedby", "aria-controls"]) {
  for (const node of document.querySelectorAll(`[${name}]`)) {
    for (const id of node.getAttribute(name).split(" ")) {
      if (!document.getElementById(id)) wrong.push(`${name}="${id}" leads nowhere: ${tell(node)}`);
    }
  }
}

// Headings go down one step at a time.
let level = 0;
for (const heading of document.querySelectorAll("h1, h2, h3, h4, h5, h6")) {
  if (!seen(heading)) continue;
  const next = Number(heading.tagName[1]);
  if (next > level + 1) wrong.push(`after h${level} comes ${tell(heading)}`);
  level = next;
}

// Everything that can be used has a name.
function nameOf(node) {
  const labelled = node.getAttribute("aria-labelledby");
  if (labelled) return labelled.split(" ").map((id) => document.getElementById(id)?.textContent).join(" ").trim();
  const own = node.getAttribute("aria-label") ?? [...(node.labels ?? [])].map((label) => label.textContent).join(" ");
  return (own || node.textContent || node.title || "").trim();
}
for (const node of document.querySelectorAll("a[href], button, input, select, textarea, summary, [role], [tabindex]")) {
  if (["list", "listitem", "status", "alert", "tablist"].includes(node.getAttribute("role"))) continue;
  if (seen(node) && !nameOf(node)) wrong.push(`has no name: ${tell(node)}`);
}
for (const image of document.images) if (!image.hasAttribute("alt")) wrong.push(`has no alt: ${tell(image)}`);
for (const cell of document.querySelectorAll("th")) if (!cell.scope) wrong.push(`has no scope: ${tell(cell)}`);

// What is pressed is at least 24 by 24 points, but for links in text.
for (const node of document.querySelectorAll("button, input, select, textarea, summary, nav a")) {
  if (!seen(node)) continue;
  const box = node.getBoundingClientRect();
  if (box.width > 0 && (box.width < 24 || box.height < 24)) wrong.push(`is too small: ${tell(node)}`);
}

// Text has a contrast of 4.5 to 1, or 3 to 1 where it is large.
const pen = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
function rgba(color) {
  pen.clearRect(0, 0, 1, 1);
  pen.fillStyle = color;
  pen.fillRect(0, 0, 1, 1);
  const [r, g, b, a] = pen.getImageData(0, 0, 1, 1).data;
  return [r, g, b, a / 255];
}
function over(top, bottom) {
  return [0, 1, 2].map((i) => top[i] * top[3] + bottom[i] * (1 - top[3])).concat(1);
}
function ground(node) {
  const layers = [];
  for (let each = node; each; each = each.parentElement) {
    const color = rgba(getComputedStyle(each).backgroundColor);
    layers.unshift(color);
    if (color[3] === 1) break;
  }
  return layers.reduce((below, layer) => over(layer, below), [255, 255, 255, 1]);
}
function luminance(color) {
  const [r, g, b] = color.map((part) => part / 255).map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
for (let text = walker.nextNode(); text; text = walker.nextNode()) {
  const node = text.parentElement;
  if (!text.textContent.trim() || !seen(node) || node.closest(".offscreen, script, noscript, option")) continue;
  const style = getComputedStyle(node);
  const below = ground(node);
  const [a, b] = [luminance(over(rgba(style.color), below)), luminance(below)];
  const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  const size = parseFloat(style.fontSize);
  const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
  if (ratio < (isLarge ? 3 : 4.5)) wrong.push(`contrast ${ratio.toFixed(2)}: ${tell(node)}`);
}
return wrong;
"""

# Gives the width of what is wider than the page, or 0.
OVERFLOW = "return Math.max(0, document.documentElement.scrollWidth - innerWidth)"
