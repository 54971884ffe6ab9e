/// How a page looks: one column of sections, light and dark as the screen is, on paper and on a telephone.
enum PageStyle {
  static let css = """
    :root{--ink:#1d2733;--soft:#5a6674;--paper:#ffffff;--panel:#f5f7f9;--line:#dfe5ea;--accent:#1f5fa8;\
    --good:#00704f;--warn:#8a5a00;--bad:#a3123b;--meter:#c4500e}
    @media screen and (prefers-color-scheme:dark){:root{--ink:#e6ebf0;--soft:#a3aeba;--paper:#14181d;--panel:#1c2229;\
    --line:#323b45;--accent:#6aa9f0;--good:#3fc79a;--warn:#e0b93f;--bad:#f0708f;--meter:#f28b4b}
    .picture svg{filter:invert(.92) hue-rotate(180deg)}}
    *{box-sizing:border-box}
    html{scroll-behavior:smooth;-webkit-text-size-adjust:100%}
    body{margin:0 auto;max-width:1120px;padding:24px 20px 48px;background:var(--paper);color:var(--ink);\
    font:16px/1.5 system-ui,-apple-system,"Segoe UI",Helvetica,Arial,sans-serif;overflow-wrap:anywhere}
    h1{font-size:1.9rem;line-height:1.2;margin:0}
    h2{font-size:1.35rem;line-height:1.25;margin:0 0 .5rem;padding-top:1.1rem;border-top:2px solid var(--ink)}
    h3{font-size:1.05rem;margin:1rem 0 .35rem}
    p{margin:.4rem 0;max-width:76ch}
    header p{margin:.2rem 0 1rem}
    section{margin-top:2rem;scroll-margin-top:3.2rem}
    a{color:var(--accent)}
    code{font:.9em ui-monospace,Menlo,Consolas,monospace;background:var(--panel);border:1px solid var(--line);\
    border-radius:4px;padding:.1em .35em;overflow-wrap:anywhere}
    .soft,caption{color:var(--soft);font-size:.875rem}
    .tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(200px,1fr));gap:12px;margin:0 0 16px}
    .tile{background:var(--panel);border:1px solid var(--line);border-left:4px solid var(--line);border-radius:6px;\
    padding:10px 14px;display:flex;flex-direction:column}
    .tile strong{font-size:1.6rem;line-height:1.25;font-variant-numeric:tabular-nums}
    .tile.good{border-left-color:var(--good)}.tile.warn{border-left-color:var(--warn)}.tile.bad{border-left-color:var(--bad)}
    nav{position:sticky;top:0;z-index:2;background:var(--paper);border-bottom:1px solid var(--line);\
    padding:8px 0;display:flex;gap:4px 18px;flex-wrap:wrap}
    nav a{text-decoration:none;padding:2px 0}
    nav a:hover,nav a:focus{text-decoration:underline}
    .scroll{overflow-x:auto;margin:.6rem 0}
    table{border-collapse:collapse;width:100%;font-size:.9rem}
    caption{text-align:left;padding:.2rem 0 .4rem}
    th,td{text-align:left;vertical-align:top;padding:7px 10px;border-bottom:1px solid var(--line)}
    th{font-weight:600;color:var(--soft);border-bottom:2px solid var(--line);white-space:nowrap}
    th button{all:unset;cursor:pointer}
    th button:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
    th button::after{content:"\\2195";opacity:.35;margin-left:.3em}
    th[aria-sort=ascending] button::after{content:"\\2191";opacity:1}
    th[aria-sort=descending] button::after{content:"\\2193";opacity:1}
    .number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
    td.place{width:1%;color:var(--soft)}
    tbody tr:hover{background:var(--panel)}
    td .soft{font-size:.8rem}
    .lines div+div{margin-top:.25rem}
    .meter{display:inline-block;width:64px;height:8px;border-radius:4px;background:var(--line);overflow:hidden;\
    vertical-align:middle;margin-right:6px}
    .meter span{display:block;height:100%;background:var(--meter)}
    .badge{display:inline-block;border:1px solid currentColor;border-radius:999px;padding:0 .55em;font-size:.78rem;\
    font-weight:600;color:var(--soft);white-space:nowrap}
    .badge.good{color:var(--good)}.badge.warn{color:var(--warn)}.badge.bad{color:var(--bad)}
    dl{display:grid;grid-template-columns:max-content 1fr;gap:2px 16px;margin:.5rem 0}
    dt{color:var(--soft)}dd{margin:0}
    ul{padding-left:1.2rem;margin:.4rem 0}
    .charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,420px),1fr));gap:20px;margin:.8rem 0}
    .cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,440px),1fr));gap:16px;margin:.8rem 0}
    figure{margin:0}
    .chart svg,.picture svg{max-width:100%;height:auto;display:block}
    .picture{border:1px solid var(--line);border-radius:6px;overflow:hidden;background:#fff}
    .card{border:1px solid var(--line);border-radius:8px;padding:12px 16px;background:var(--panel);min-width:0}
    .card h3{margin-top:0}
    .missing{border:1px dashed var(--line);border-radius:6px;padding:12px 14px;color:var(--soft);max-width:none}
    .warning{border-left:4px solid var(--warn);padding:.3rem .8rem;background:var(--panel);max-width:none}
    footer{margin-top:3rem;border-top:1px solid var(--line);padding-top:.8rem}
    @media screen and (max-width:640px){
    body{padding:16px 14px 40px}
    h1{font-size:1.5rem}
    .tiles{grid-template-columns:1fr 1fr;gap:8px}
    .tile{padding:8px 10px}.tile strong{font-size:1.25rem}
    nav{flex-wrap:nowrap;overflow-x:auto;white-space:nowrap}
    thead{position:absolute;clip-path:inset(50%);width:1px;height:1px;overflow:hidden}
    table,tbody,tr,td,caption{display:block;width:100%}
    tr{border:1px solid var(--line);border-radius:6px;margin-bottom:10px;padding:6px 10px}
    td{border:0;padding:3px 0;text-align:left;white-space:normal}
    td[data-label]::before{content:attr(data-label);display:block;color:var(--soft);font-size:.75rem}
    td.number{display:flex;justify-content:space-between;align-items:center;gap:8px}
    td.number::before{flex:1}
    td.place{display:none}
    dl{grid-template-columns:1fr;gap:0}dd{margin-bottom:.4rem}
    }
    @media print{
    body{max-width:none;padding:0;font-size:10.5pt}
    nav,th button::after{display:none}
    .tile,.card,.warning{background:none}
    section{margin-top:1.2rem}
    .card,.chart,.tile,tr,figure{break-inside:avoid}
    h2,h3{break-after:avoid}
    thead{display:table-header-group}
    .scroll{overflow:visible}
    a{color:inherit;text-decoration:none}
    *{-webkit-print-color-adjust:exact;print-color-adjust:exact}
    @page{margin:14mm}
    }

    """
}
