/**
 * What may pass from a notebook's output into a report, by attribute and tag name as they are
 * written in markup. Everything that is not named here is dropped. No name here can run a script,
 * load from outside, submit, navigate by itself or restyle the page around it.
 */

/** Elements of HTML: text, tables, figures, folding. */
export const HTML_TAGS: readonly string[] = words(`
  a abbr article aside b bdi bdo blockquote br caption cite code col colgroup data dd del details dfn
  div dl dt em figcaption figure footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li main mark meter
  nav ol p pre progress q rp rt ruby s samp section small span strong sub summary sup table tbody td
  tfoot th thead time tr u ul var wbr`);

/** Elements of SVG: shapes, text, paint servers, clipping. No foreignObject, script, animation. */
export const SVG_TAGS: readonly string[] = words(`
  svg g defs symbol use title desc circle ellipse line path polygon polyline rect text tspan textPath
  image clipPath mask marker pattern linearGradient radialGradient stop a`);

/** Elements of MathML Core and what KaTeX adds to it. No annotation-xml, maction, mglyph. */
export const MATH_TAGS: readonly string[] = words(`
  math semantics annotation mi mn mo ms mspace mtext merror mfrac mpadded mphantom mroot mrow msqrt
  mstyle mmultiscripts mover mprescripts msub msubsup msup munder munderover mtable mtd mtr none
  menclose mlabeledtr`);

/** Elements whose content goes with them; of any other element that may not stay, the text does. */
export const DROPPED_WITH_CONTENT: readonly string[] = words(`
  script style template noscript noembed noframes iframe frame frameset object embed applet param
  foreignObject foreignobject animate animateMotion animateTransform set mpath handler listener
  annotation-xml maction link meta base head select datalist audio video canvas`);

/** Attributes of any element. */
export const COMMON_ATTRIBUTES: readonly string[] = words(`
  id class style title lang dir role tabindex hidden
  aria-label aria-labelledby aria-describedby aria-details aria-hidden aria-roledescription
  aria-description aria-level aria-rowcount aria-colcount aria-sort
  open colspan rowspan span scope headers abbr start reversed value datetime alt width height
  min max low high optimum download`);

/** Attributes of SVG that hold geometry: numbers, lengths, transform functions, keywords. */
export const GEOMETRY_ATTRIBUTES: readonly string[] = words(`
  viewBox preserveAspectRatio transform d points x y x1 y1 x2 y2 cx cy r rx ry fx fy fr dx dy rotate
  offset pathLength refX refY markerWidth markerHeight markerUnits orient textLength lengthAdjust
  startOffset method spacing side gradientUnits gradientTransform spreadMethod patternUnits
  patternContentUnits patternTransform clipPathUnits maskUnits maskContentUnits`);

/** Attributes of SVG that the browser reads as CSS: each value goes through the CSS filter. */
export const PRESENTATION_ATTRIBUTES: readonly string[] = words(`
  alignment-baseline baseline-shift clip-path clip-rule color color-interpolation direction display
  dominant-baseline fill fill-opacity fill-rule font-family font-size font-size-adjust font-stretch
  font-style font-variant font-weight image-rendering letter-spacing marker-end marker-mid marker-start
  mask mask-type opacity overflow paint-order pointer-events shape-rendering stop-color stop-opacity
  stroke stroke-dasharray stroke-dashoffset stroke-linecap stroke-linejoin stroke-miterlimit
  stroke-opacity stroke-width text-anchor text-decoration text-rendering transform-origin unicode-bidi
  vector-effect visibility word-spacing writing-mode`);

/** Attributes of MathML. */
export const MATH_ATTRIBUTES: readonly string[] = words(`
  accent accentunder columnalign columnlines columnspacing columnspan depth display displaystyle
  encoding fence form frame largeop linethickness lspace mathbackground mathcolor mathsize mathvariant
  maxsize minsize movablelimits notation rowalign rowlines rowspacing rowspan rspace scriptlevel
  separator stretchy symmetric voffset xmlns`);

/** Attributes that hold an address, by element. */
export const ADDRESS_ATTRIBUTES: Readonly<Record<string, readonly string[]>> = {
  a: ["href", "xlink:href"],
  img: ["src"],
  image: ["href", "xlink:href"],
  use: ["href", "xlink:href"],
  textPath: ["href", "xlink:href"],
  linearGradient: ["href", "xlink:href"],
  radialGradient: ["href", "xlink:href"],
  pattern: ["href", "xlink:href"],
};

/** CSS properties that may be set: no position, no z-index, no content, no animation. */
export const CSS_PROPERTIES: ReadonlySet<string> = new Set([
  ...PRESENTATION_ATTRIBUTES,
  ...words(`
    align-content align-items align-self background background-color border border-block
    border-block-end border-block-start border-bottom border-bottom-color border-bottom-style
    border-bottom-width border-collapse border-color border-inline border-left border-left-color
    border-left-style border-left-width border-radius border-right border-right-color
    border-right-style border-right-width border-spacing border-style border-top border-top-color
    border-top-style border-top-width border-width box-sizing caption-side column-gap columns cx cy
    d empty-cells flex flex-basis flex-direction flex-flow flex-grow flex-shrink flex-wrap float clear
    font font-feature-settings font-kerning font-optical-sizing font-variant-caps
    font-variant-ligatures font-variant-numeric gap grid grid-area grid-auto-columns grid-auto-flow
    grid-auto-rows grid-column grid-row grid-template grid-template-areas grid-template-columns
    grid-template-rows height hyphens inline-size isolation justify-content justify-items justify-self
    line-height list-style list-style-position list-style-type margin margin-block margin-bottom
    margin-inline margin-left margin-right margin-top max-height max-inline-size max-width min-height
    min-width mix-blend-mode opacity order overflow-wrap overflow-x overflow-y padding padding-block
    padding-bottom padding-inline padding-left padding-right padding-top r row-gap rx ry tab-size
    table-layout text-align text-decoration-color text-decoration-line text-decoration-style
    text-indent text-overflow text-transform text-wrap transform transform-box vertical-align
    white-space width word-break x y`),
]);

/** CSS functions that may stand in a value; `url()` is judged apart. */
export const CSS_FUNCTIONS: ReadonlySet<string> = new Set(words(`
  rgb rgba hsl hsla hwb lab lch oklab oklch color color-mix light-dark calc min max clamp round abs
  var translate translatex translatey scale scalex scaley rotate skew skewx skewy matrix minmax repeat
  fit-content linear-gradient radial-gradient conic-gradient repeating-linear-gradient`));

function words(text: string): string[] {
  return text.trim().split(/\s+/);
}
