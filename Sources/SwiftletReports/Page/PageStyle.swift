// SPDX-License-Identifier: Apache-2.0
//
// PageStyle: how a report looks on a light page, on a dark one, and on paper.
//
// Before    HTML.swift     After    PicturePlot.swift

/// The style of a page, with that of the charts in it.
enum PageStyle {
  static let text = """
    :root{color-scheme:light dark;--ink:#1f2328;--soft:#57606a;--line:#d8dee4;--paper:#fff;--tint:#f6f8fa;--link:#0550ae;--warn:#9a6700}
    *{box-sizing:border-box}
    body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",sans-serif}
    header,nav,main,footer{max-width:62rem;margin:0 auto;padding:0 1.25rem}
    header{padding-top:2rem}h1{font-size:1.9rem;line-height:1.2;margin:0;overflow-wrap:anywhere}
    header p,footer p{color:var(--soft);margin:.4rem 0 0}footer{padding-bottom:3rem;font-size:.9rem}
    nav ul{list-style:none;display:flex;flex-wrap:wrap;gap:.1rem 1.1rem;padding:.6rem 0;margin:1rem 0 0;border-top:1px solid var(--line);border-bottom:1px solid var(--line)}
    a{color:var(--link)}nav a{text-decoration:none;display:inline-block;padding:.2rem 0}a:hover{text-decoration:underline}
    section{margin:2.2rem 0}h2{font-size:1.3rem;line-height:1.25;margin:0 0 .7rem}
    p,ul,pre,figure{margin:0 0 1rem}p,li{max-width:46rem;overflow-wrap:anywhere}
    .lead{font-size:1.12rem}
    .notice{border-left:4px solid var(--warn);background:var(--tint);padding:.6rem .9rem}
    pre{background:var(--tint);padding:.8rem 1rem;border-radius:6px;overflow-x:auto;font:14px/1.5 ui-monospace,SFMono-Regular,Menlo,monospace}
    figcaption{color:var(--soft);font-size:.95rem;max-width:46rem;margin-top:.3rem}
    .panels{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,19rem),1fr));gap:1rem}
    .scroll{overflow-x:auto}svg{display:block;max-width:100%;height:auto}
    details{margin:.2rem 0 .6rem}summary{cursor:pointer;color:var(--link);font-size:.95rem;padding:.2rem 0}
    table{border-collapse:collapse;font-size:.92rem;font-variant-numeric:tabular-nums}
    caption{text-align:left;color:var(--soft);padding:.2rem 0}
    th,td{padding:.25rem .7rem .25rem 0;border-bottom:1px solid var(--line);text-align:left;vertical-align:top;max-width:22rem;overflow-wrap:break-word}
    thead th,thead td{border-bottom:2px solid var(--line)}tbody th{font-weight:400}.n{text-align:right;white-space:nowrap}
    :focus-visible{outline:2px solid var(--link);outline-offset:2px}
    \(SVG.light)
    @media (max-width:40rem){.wide{max-width:none}h1{font-size:1.5rem}tbody td:not(.n){min-width:7rem}}
    @media screen and (prefers-color-scheme:dark){
    :root{--ink:#e6edf3;--soft:#9198a1;--line:#30363d;--paper:#0d1117;--tint:#161b22;--link:#79b8ff;--warn:#d29922}
    \(SVG.dark)}
    @media print{nav,summary{display:none}body{font-size:11pt}section,figure,tr{break-inside:avoid}h2{break-after:avoid}
    main,header,footer{max-width:none;padding:0}.scroll{overflow:visible}pre{white-space:pre-wrap}}
    """
}
