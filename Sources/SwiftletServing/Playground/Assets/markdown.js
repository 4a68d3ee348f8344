// SPDX-License-Identifier: Apache-2.0
//
// The Markdown of a model card as elements: headings, paragraphs, lists, tables, code.
//
// A card comes with a model from anywhere. Everything in it becomes text, and of links only those of the web.

import { element } from "./dom.js";

export function rendered(markdown) {
  const lines = withoutFrontMatter(markdown).split("\n");
  const box = element("div", { class: "prose" });
  let i = 0;
  // Takes the lines for which `belongs` holds.
  function take(belongs) {
    const taken = [];
    while (i < lines.length && belongs(lines[i])) taken.push(lines[i++]);
    return taken;
  }
  while (i < lines.length) {
    const line = lines[i];
    const heading = line.match(/^(#{1,6})\s+(.*)$/);
    if (line.trim() === "") {
      i++;
    } else if (heading) {
      i++;
      // The page has its own h1 and h2.
      box.append(element(`h${Math.min(6, heading[1].length + 2)}`, {}, ...inline(heading[2])));
    } else if (line.startsWith("```")) {
      i++;
      const fence = line.match(/^`+/)[0];
      const code = take((line) => !line.startsWith(fence));
      i++;
      box.append(element("pre", { tabindex: 0 }, element("code", {}, code.join("\n"))));
    } else if (line.startsWith("|")) {
      box.append(table(take((line) => line.startsWith("|"))));
    } else if (/^[-*] /.test(line)) {
      const items = take((line) => /^[-*] |^ {2,}\S/.test(line));
      const joined = items.reduce((list, item) => {
        if (/^[-*] /.test(item)) list.push(item.slice(2));
        else list[list.length - 1] += ` ${item.trim()}`;
        return list;
      }, []);
      box.append(element("ul", {}, ...joined.map((item) => element("li", {}, ...inline(item)))));
    } else {
      const paragraph = take((line) => line.trim() !== "" && !/^(#{1,6}\s|```|\||[-*] )/.test(line));
      // A line that only looks like the beginning of something is text all the same.
      if (paragraph.length === 0) paragraph.push(lines[i++]);
      box.append(element("p", {}, ...inline(paragraph.join(" "))));
    }
  }
  return box;
}

// The first paragraph, for the head of the page.
export function firstParagraph(markdown) {
  const lines = withoutFrontMatter(markdown).split(/\n{2,}/);
  const paragraph = lines.map((part) => part.trim()).find((part) => part !== "" && !/^(#|```|\||[-*] )/.test(part));
  return paragraph ? inline(paragraph.replaceAll("\n", " ")) : [];
}

function withoutFrontMatter(markdown) {
  const text = markdown.replaceAll("\r\n", "\n");
  const end = text.startsWith("---\n") ? text.indexOf("\n---\n", 3) : -1;
  return end < 0 ? text : text.slice(end + 5);
}

function table(lines) {
  const rows = lines.map((line) =>
    line
      .replace(/^\||\|\s*$/g, "")
      .split(/(?<!\\)\|/)
      .map((cell) => cell.trim().replaceAll("\\|", "|")),
  );
  const isRule = rows.length > 1 && rows[1].every((cell) => /^:?-+:?$/.test(cell));
  const isRight = isRule ? rows[1].map((cell) => cell.endsWith(":") && !cell.startsWith(":")) : [];
  const [head, body] = isRule ? [rows[0], rows.slice(2)] : [null, rows];
  const cellClass = (column) => (isRight[column] ? "number" : undefined);
  const headRow = head?.map((cell, i) => element("th", { scope: "col", class: cellClass(i) }, ...inline(cell)));
  return element(
    "div",
    { class: "scroll", tabindex: 0 },
    element(
      "table",
      {},
      headRow ? element("thead", {}, element("tr", {}, ...headRow)) : null,
      element(
        "tbody",
        {},
        ...body.map((row) =>
          element("tr", {}, ...row.map((cell, i) => element("td", { class: cellClass(i) }, ...inline(cell)))),
        ),
      ),
    ),
  );
}

// Characters that stand for themselves, code, strong and emphasized text, and links.
function inline(text) {
  const pattern = /\\([!-/:-@[-`{-~])|&(lt|amp);|(?<!`)(`+)(?!`)(.*?[^`])\3(?!`)|\*\*([^*]+)\*\*|\*([^*\s](?:\\.|[^*\\])*)\*|\[([^\]]+)\]\(([^)\s]+)\)|(https?:\/\/[^\s)<>]+[^\s)<>.,;:])/g;
  const nodes = [];
  let end = 0;
  for (const match of text.matchAll(pattern)) {
    nodes.push(text.slice(end, match.index));
    end = match.index + match[0].length;
    const [, escaped, entity, , code, strong, emphasis, label, target, address] = match;
    if (escaped !== undefined || entity !== undefined) nodes.push(plain(match[0]));
    else if (code !== undefined) nodes.push(element("code", {}, code.replace(/^ (.*[^ ].*) $/, "$1")));
    else if (strong !== undefined) nodes.push(element("strong", {}, plain(strong)));
    else if (emphasis !== undefined) nodes.push(element("em", {}, plain(emphasis)));
    else nodes.push(link(plain(label ?? address), target ?? address));
  }
  nodes.push(text.slice(end));
  return nodes.filter((node) => node !== "");
}

// The text without what was put before characters so that they stand for themselves.
function plain(text) {
  return text.replace(/\\([!-/:-@[-`{-~])|&(lt|amp);/g, (_, escaped, entity) => escaped ?? { lt: "<", amp: "&" }[entity]);
}

function link(label, target) {
  if (!/^https?:\/\//i.test(target)) return label;
  return element("a", { href: target, rel: "noreferrer noopener", target: "_blank" }, label);
}
