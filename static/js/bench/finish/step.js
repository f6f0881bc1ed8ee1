// One finishing step of the panel: its fold with its looks or its switch, its settings, and what can
// be borrowed for it.

import { gettext } from "../../core/words.js";
import { addHelp } from "../help.js";
import { makeBorrow } from "./borrow.js";
import { makeControl } from "./controls.js";
import { makeFold } from "./fold.js";
import { makeLookGroup } from "./look-group.js";

// Settings that apply only with certain values of another setting.
const ONLY_WITH = {
  "resolution.colours": ["net", ["pixels", "tidied"]],
  "resolution.rounded": ["net", ["pixels", "tidied"]],
  "background.colour": ["kind", ["plain", "gradient", "glow"]],
  "background.second": ["kind", ["gradient", "glow"]],
  "detail.relief": ["surface", ["paper", "canvas"]],
};
const BORROWING = { "borrowed-style": "style", palette: "palette" };
// The styles that are shown before the others.
const FIRST_STYLES = [
  ...["starry", "old-master", "lino", "mist", "charcoal", "stained-glass"],
  ...["woodcut", "poster", "wash", "tapestry", "blueprint"],
];

// The looks of a step: its main setting, the values as options, and the value of the settings.
function looksOf({ name, settings }, palettes) {
  const find = (key) => settings.find((setting) => setting.key === key);
  const options = (key) => find(key).choices.map(([value, label]) => ({ value, label }));
  if (name === "style")
    return {
      main: "style",
      options: [{ value: "", label: gettext("As bred") }, ...options("style")],
      first: FIRST_STYLES,
      all: gettext("All {n} styles"),
      toSetting: (value) => value,
      fromSetting: (value = find("style").default) => value,
    };
  if (name === "mock-up")
    return {
      main: "template",
      options: [{ value: "", label: gettext("None") }, ...options("template")],
      toSetting: (value) => value,
      fromSetting: (value = find("template").default) => value,
    };
  if (name === "palette")
    return {
      main: "colours",
      options: [
        { value: "", label: gettext("Its own") },
        ...palettes.map(({ key, name: label, colours }) => ({
          value: key,
          label,
          swatches: colours,
        })),
      ],
      toSetting: (value) => palettes.find(({ key }) => key === value).colours,
      fromSetting: (value = find("colours").default) =>
        palettes.find(({ colours }) => String(colours) === String(value))?.key ?? "custom",
    };
  return null;
}

// The style that is mixed with the first one, and how much of it there is when it is chosen.
const SECOND = "second";
const HALF = 0.5;

function secondOf({ name, settings }) {
  const setting = name === "style" && settings.find(({ key }) => key === SECOND);
  if (!setting) return null;
  return {
    label: setting.label,
    help: setting.help,
    options: [
      { value: "", label: gettext("None") },
      ...setting.choices.map(([value, label]) => ({ value, label })),
    ],
    first: FIRST_STYLES.slice(0, 7),
    all: gettext("All {n} styles"),
    of: (given) => (given?.mix ? (given.second ?? setting.default) : ""),
  };
}

// panel: what finish.js offers to its steps.
export function makeStep(step, { palettes }, panel) {
  const { name, label, help, settings, fresh } = step;
  const fold = makeFold({ label, name });
  const line = fold.body.querySelector(".bench-switch");
  const box = line.querySelector("input");
  const body = fold.body.querySelector(".bench-step-settings");
  const looks = looksOf(step, palettes);
  const second = secondOf(step);
  let isWaiting = false; // It is on, but waits for something to be borrowed.

  const write = (patch, options) =>
    panel.write(name, { ...panel.settingsOf(name), ...patch }, options);

  function toggle(isOn) {
    isWaiting = isOn && settings.some(({ kind }) => kind === "manner");
    if (!isWaiting) panel.write(name, isOn ? { ...fresh } : null);
    if (isWaiting || !(isOn || panel.settingsOf(name))) panel.redraw();
  }

  function choose(value) {
    if (value) write({ [looks.main]: looks.toSetting(value) });
    else panel.write(name, null);
  }

  const group =
    looks && makeLookGroup(panel.looks, { label, of: { step: name }, ...looks, onChange: choose });
  if (group) {
    line.replaceWith(group.piece);
    addHelp(group.piece.lastElementChild, null, { name: label, help });
  } else {
    line.querySelector(".bench-step-name").textContent = label;
    addHelp(line, box, { name: label, help });
    box.addEventListener("change", () => toggle(box.checked));
  }

  const share = () => panel.settingsOf(name)?.mix || HALF;
  const secondGroup =
    second &&
    makeLookGroup(panel.looks, {
      ...second,
      of: { step: name, setting: SECOND },
      onChange: (value) => write(value ? { second: value, mix: share() } : { mix: 0 }),
    });
  if (secondGroup) {
    const heading = Object.assign(document.createElement("p"), { textContent: second.label });
    secondGroup.piece.prepend(heading);
    addHelp(heading, null, { name: second.label, help: second.help });
    body.append(secondGroup.piece);
  }

  const controls = settings.flatMap((setting) => {
    if (looks?.main === setting.key && setting.kind === "choice") return [];
    if (second && setting.key === SECOND) return [];
    const onChange = (value, options) => write({ [setting.key]: value }, options);
    const control = makeControl(setting, { onChange, onRelease: panel.release });
    return control ? [{ ...control, setting }] : [];
  });
  const borrow =
    BORROWING[name] &&
    makeBorrow(panel.root, {
      kind: BORROWING[name],
      setting: settings.find(({ kind }) => ["manner", "colours"].includes(kind)),
      onBorrowed: ({ vector, colours }) => write(vector ? { vector } : { colours }),
      announce: panel.announce,
    });
  const borrowed = borrow ? [borrow.piece] : [];
  // A palette can be borrowed before there is one; a style has nothing to show before.
  if (name === "palette") fold.body.append(...borrowed);
  body.append(
    ...(name === "borrowed-style" ? borrowed : []),
    ...controls.map((control) => control.piece),
  );

  // What is set, in a few words.
  function sumOf(given) {
    if (looks) {
      const nameOf = (value, { options }) =>
        options.find((option) => option.value === value)?.label;
      const value = given ? looks.fromSetting(given[looks.main]) : "";
      const mixed = second?.of(given);
      return [
        nameOf(value, looks) ?? gettext("Custom"),
        ...(mixed ? [nameOf(mixed, second)] : []),
      ].join(" + ");
    }
    if (!given) return gettext("Off");
    const first = settings.find(({ kind }) => kind === "choice");
    const chosen = first && (given[first.key] ?? first.default);
    return first?.choices.find(([value]) => value === chosen)?.[1] ?? gettext("On");
  }

  return {
    name,
    piece: fold.piece,
    remove() {
      group?.remove();
      secondGroup?.remove();
    },
    close: () => (isWaiting = false),
    show(state, info) {
      const given = panel.settingsOf(name);
      if (given) isWaiting = false;
      box.checked = Boolean(given) || isWaiting;
      body.hidden = !box.checked;
      fold.setSum(isWaiting ? gettext("Choose a picture") : sumOf(given));
      if (group) {
        const value = given ? looks.fromSetting(given[looks.main]) : "";
        group.show(panel.childWithout(name, looks.main), value);
      }
      if (secondGroup && given)
        secondGroup.show(panel.childWithout(name, SECOND, { mix: share() }), second.of(given));
      if (!body.hidden || name === "palette") borrow?.show(state, info);
      for (const { piece, setting, show } of controls) {
        const [other, words] = ONLY_WITH[`${name}.${setting.key}`] ?? [];
        const usual = () =>
          controls.find((control) => control.setting.key === other).setting.default;
        piece.hidden = !given || (words && !words.includes(given[other] ?? usual()));
        show(given?.[setting.key] ?? setting.default);
      }
    },
  };
}
