extension WhyPage {
    /// The style of the page: light and dark, wide and phone; colours as on the pages of reports.
    static let style = """
        :root {
          color-scheme: light dark;
          --page: #f4f6f9; --card: #ffffff; --ink: #17202c; --muted: #566274; --line: #dbe1e9;
          --soft: #eef1f5; --accent: #1f5fd6; --gain: #0b7a53; --loss: #c2332a; --warn: #8a5300;
          --warn-back: #fff3dc; --warn-line: #ecc98c;
        }
        @media (prefers-color-scheme: dark) {
          :root {
            --page: #0e131a; --card: #161d27; --ink: #e5ebf3; --muted: #9ba8ba; --line: #2b3645;
            --soft: #1e2733; --accent: #76adff; --gain: #45cf9b; --loss: #ff8276; --warn: #ffcf85;
            --warn-back: #2d2415; --warn-line: #5d4a24;
          }
        }
        * { box-sizing: border-box; }
        body {
          margin: 0; background: var(--page); color: var(--ink); -webkit-text-size-adjust: 100%;
          font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, Arial, sans-serif;
        }
        header, main, footer { max-width: 960px; margin: 0 auto; padding: 0 20px; }
        header { padding-top: 28px; }
        h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 .5rem; overflow-wrap: anywhere; }
        h2 { font-size: 1.2rem; margin: 2rem 0 .75rem; }
        h3 { font-size: 1rem; margin: 0 0 .5rem; overflow-wrap: anywhere; }
        p { margin: 0 0 .6rem; max-width: 80ch; overflow-wrap: anywhere; }
        .question { color: var(--accent); font-weight: 600; margin-bottom: .25rem; }
        .muted, small, .role { color: var(--muted); }
        small { font-weight: 400; font-size: .8rem; }
        code, pre { font: .85em/1.45 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
        code { color: var(--muted); }
        pre {
          background: var(--soft); border-radius: 8px; padding: .6rem .8rem; margin: 0;
          white-space: pre-wrap; overflow-wrap: anywhere;
        }
        .card, details {
          background: var(--card); border: 1px solid var(--line); border-radius: 12px;
          padding: 14px 18px; margin-bottom: 12px; min-width: 0;
        }
        details details, .inner .leaf { margin: 10px 0 0; }
        details details { padding: 10px 14px; background: var(--page); }
        details details details { background: var(--card); }
        summary { cursor: pointer; font-weight: 600; overflow-wrap: anywhere; }
        .inner { margin-top: .6rem; }
        .role { font-weight: 400; }
        .role::after { content: ":"; }
        .leaf { padding-left: .9rem; border-left: 3px solid var(--line); }
        table { border-collapse: collapse; width: 100%; font-size: .9rem; margin: .25rem 0 .5rem; }
        th, td {
          text-align: left; font-weight: 400; padding: .35rem .5rem .35rem 0; vertical-align: top;
          border-bottom: 1px solid var(--line); overflow-wrap: anywhere;
        }
        tr:last-child > * { border-bottom: 0; }
        th { width: 34%; }
        .number { width: 18%; font-variant-numeric: tabular-nums; font-weight: 600; }
        .chip { border-radius: 999px; padding: .05rem .5rem; font-size: .8rem; font-weight: 600; }
        .chip.met { color: var(--gain); border: 1px solid currentColor; }
        .chip.missed { color: var(--loss); border: 1px solid currentColor; }
        .later {
          background: var(--warn-back); color: var(--warn); border: 1px solid var(--warn-line);
          border-radius: 8px; padding: .5rem .8rem; max-width: none; margin-top: .5rem;
        }
        .scroll { overflow-x: auto; }
        .chart { min-width: 620px; }
        svg { display: block; width: 100%; height: auto; }
        svg text { fill: var(--muted); font-size: 11px; }
        .grid { stroke: var(--line); }
        polyline { fill: none; stroke-width: 1.8; stroke-linejoin: round; }
        polyline.close { stroke: var(--accent); }
        polyline.after { stroke: var(--muted); stroke-dasharray: 3 3; }
        line.decision { stroke: var(--warn); stroke-dasharray: 5 3; }
        circle.buy, polygon.buy { fill: var(--gain); }
        circle.sell, polygon.sell { fill: var(--loss); }
        polygon { stroke: var(--card); }
        .legend {
          list-style: none; display: flex; flex-wrap: wrap; gap: .3rem 1.1rem; margin: .6rem 0 0;
          padding: 0; color: var(--muted); font-size: .85rem;
        }
        .legend i { display: inline-block; margin-right: .4rem; vertical-align: middle; }
        i.close, i.after { width: 18px; border-top: 2px solid var(--accent); }
        i.after { border-top: 2px dashed var(--muted); }
        i.decision { height: 14px; border-left: 2px dashed var(--warn); }
        i.filed { width: 8px; height: 8px; border-radius: 50%; }
        i.trade { width: 10px; height: 10px; clip-path: polygon(50% 0, 0 100%, 100% 100%); }
        i.trade.sell { clip-path: polygon(0 0, 100% 0, 50% 100%); }
        i.buy { background: var(--gain); }
        i.sell { background: var(--loss); }
        footer { color: var(--muted); font-size: .85rem; padding-bottom: 28px; margin-top: 1.5rem; }
        @media (max-width: 560px) {
          header, main, footer { padding-left: 12px; padding-right: 12px; }
          h1 { font-size: 1.25rem; }
          .card, details { padding: 12px; }
          tr { display: block; border-bottom: 1px solid var(--line); padding: .35rem 0; }
          tr:last-child { border-bottom: 0; }
          th, td, .number { display: block; width: auto; border: 0; padding: 0; }
        }
        @media print { details { break-inside: avoid; } }
        """
}
