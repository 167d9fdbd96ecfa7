/** Counting goods by scanning: a big counter for each article, what is damaged, and how it stands in words and colour. */

import { ActionIcon, Button, TextInput, UnstyledButton } from "@mantine/core";
import { IconBarcode, IconChevronDown, IconMinus, IconPlus, IconScan, IconX } from "@tabler/icons-react";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { notify } from "../../../components/Notices";
import { SearchBox } from "../../../components/SearchBox";
import { Segments } from "../../../components/Segments";
import { looksLikeCode, looksLikeSerial, normaliseCode, normaliseSerial, serialKindOf, serialProblem } from "../../../domain/codes";
import {
  addPiece, announcedWith, articleAtHand, countedOf, dropSerial, type Count, type CountedLine, type CountRow, type Expected, hasSerial, numberProblem, type Numbers,
  numberScanned, numbersOf, rowsOf, setNote, setNumber, setPieces, standing,
} from "../../../domain/pieces";
import { useTill } from "../../../hooks/useData";
import { useScanner } from "../../../hooks/useScanner";
import { useTypeAnywhere } from "../../../hooks/useTypeAnywhere";
import type { CatalogueItem } from "../../../store/db";

const SUGGESTED = 6;

interface Props {
  expected: readonly Expected[];
  count: Count;
  onChange: (count: Count) => void;
  /** Whether pieces may be counted as damaged: as they come in. */
  damage?: boolean;
  /** Whether an article that is not expected may be counted. */
  others?: boolean;
  /** Quantities alone: no piece is named by its serial. */
  quantities?: boolean;
  /** Whether other numbers of a piece may be told: as it comes in. */
  numbers?: boolean;
  /** No scans are heard: a dialog is open, or an act is on its way. */
  paused?: boolean;
}

/** A piece whose other numbers are being told. */
interface Piece { sku: string; serial: string }

type Article = Pick<Expected, "sku" | "name" | "tracked">;

export function Counting({ expected, count, onChange, damage = false, others = true, quantities = false, numbers = false, paused = false }: Props) {
  const { t } = useTranslation();
  const { index } = useTill();
  const [damaged, setDamaged] = useState(false);
  const [atHand, setAtHand] = useState<string | null>(null);
  const [text, setText] = useState("");
  const [piece, setPiece] = useState<Piece | null>(null);
  const box = useRef<HTMLInputElement>(null);
  const rows = rowsOf(expected, count);
  const suggestions = text.trim() === "" ? [] : index.search(text, {}, SUGGESTED).hits.flatMap(({ items }) => items).slice(0, SUGGESTED);

  const articleOf = (item: CatalogueItem): Article => (
    expected.find(({ sku }) => sku === item.sku) ?? { sku: item.sku, name: item.name, tracked: item.serialised && !quantities }
  );
  const take = (article: Article, serial: string | null) => {
    const isExpected = expected.some(({ sku }) => sku === article.sku);
    if (!isExpected && !others) notify("bad", t("stock.counting.notExpected", { name: article.name }));
    else if (serial !== null && hasSerial(count, serial)) notify("warning", t("stock.counting.twice", { serial }));
    else {
      setAtHand(article.sku);
      onChange(addPiece(count, article, serial, damaged));
      notify("good", t(damaged ? "stock.counting.countedDamaged" : "stock.counting.counted", { name: article.name }));
    }
  };
  /** An article's barcode: one piece, or the article whose serials come next. */
  const choose = (item: CatalogueItem) => {
    const article = articleOf(item);
    setText("");
    if (!article.tracked) take(article, null);
    else {
      setAtHand(article.sku);
      if (!count[article.sku]) onChange({ ...count, [article.sku]: countedOf(count, article) });
      notify("good", t("stock.counting.serialNext", { name: article.name }));
    }
  };
  const scanned = (code: string) => {
    // Its first key may have been taken for typing.
    setText("");
    const item = index.findCode(code);
    if (piece && !item && takesNumber(count, expected, piece, code)) {
      onChange(setNumber(count, piece.sku, piece.serial, numberScanned(code), normaliseSerial(code)));
      return;
    }
    setPiece(null);
    if (item) {
      choose(item);
      return;
    }
    const serial = looksLikeSerial(code) ? normaliseSerial(code) : normaliseCode(code);
    const article = announcedWith(expected, serial) ?? articleAtHand(rowsOf([...expected, ...added(count, expected)], count), atHand);
    if (!article) notify("bad", t(looksLikeSerial(code) ? "stock.counting.whichArticle" : "scan.unknown", { code }));
    else {
      const known = index.item(article.sku);
      const wrong = known ? serialProblem(serial, serialKindOf(known.kind)) : null;
      if (wrong) notify("bad", t("stock.counting.wrongSerial", { code, name: article.name, problem: t(`serial.problem.${wrong}`) }));
      else take(article, serial);
    }
  };
  useScanner(scanned, !paused);
  useTypeAnywhere(box, !paused);
  const submit = () => {
    const typed = text.trim();
    if (typed === "") return;
    const [first] = suggestions;
    if (looksLikeCode(typed) || !first) {
      scanned(looksLikeSerial(typed) ? normaliseSerial(typed) : normaliseCode(typed));
    } else choose(first);
  };

  return (
    <div className="stack counting">
      <div className="counting-bar">
        <SearchBox box={box} text={text} onChange={setText} onSubmit={submit} onDown={() => document.querySelector<HTMLElement>(".counting-suggestions button")?.focus()} />
        {damage && (
          <Segments
            label={t("stock.counting.condition")} value={damaged ? "damaged" : "whole"} onChange={(value) => setDamaged(value === "damaged")}
            options={[{ value: "whole", label: t("stock.counting.whole") }, { value: "damaged", label: t("stock.counting.damaged"), tone: "bad" }]}
          />
        )}
      </div>
      {suggestions.length > 0 && (
        <ul className="stock-rows counting-suggestions" aria-label={t("search.results")}>
          {suggestions.map((item) => (
            <li key={item.sku}><button type="button" onClick={() => choose(item)}><strong>{item.name}</strong><span className="quiet">{item.sku}</span></button></li>
          ))}
        </ul>
      )}
      {rows.length === 0 && <div className="nothing"><IconBarcode size={44} stroke={1.2} aria-hidden /><p>{t("stock.counting.lead")}</p></div>}
      <ul className="counting-rows">
        {rows.map((row) => (
          <Row
            key={row.expected.sku} row={row} atHand={row.expected.sku === atHand} damage={damage} free={expected.length === 0}
            piece={piece} onPiece={numbers ? setPiece : null} onHand={() => { setAtHand(row.expected.sku); setPiece(null); }} onChange={(change) => onChange(change(count))}
          />
        ))}
      </ul>
    </div>
  );
}

/** Whether a scan is another number of the piece at hand, and not the next piece: nothing of its kind is told yet. */
function takesNumber(count: Count, expected: readonly Expected[], { sku, serial }: Piece, code: string): boolean {
  const line = count[sku];
  const scan = normaliseSerial(code);
  return line !== undefined && scan !== serial && !announcedWith(expected, scan) && numbersOf(line, serial)[numberScanned(code)] === "";
}

/** Articles beside the expected ones that someone has chosen. */
function added(count: Count, expected: readonly Expected[]): Expected[] {
  return Object.values(count).filter((line) => !expected.some(({ sku }) => sku === line.sku)).map((line) => ({ ...line, expected: 0, serials: [] }));
}

interface RowProps {
  row: CountRow;
  atHand: boolean;
  damage: boolean;
  /** Nothing is expected at all: then nothing is over. */
  free: boolean;
  piece: Piece | null;
  onPiece: ((piece: Piece | null) => void) | null;
  onHand: () => void;
  onChange: (change: (count: Count) => Count) => void;
}

function Row({ row, atHand, damage, free, piece, onPiece, onHand, onChange }: RowProps) {
  const { t } = useTranslation();
  const { expected, counted } = row;
  const state = free ? "complete" : standing(row);
  const came = counted.quantity + counted.damaged;
  const gap = Math.abs(came - expected.expected);
  return (
    <li className="counting-row" data-standing={state} data-at-hand={atHand} aria-label={expected.name}>
      <div className="counting-count" aria-live="polite">
        <strong>{came}</strong>
        {!free && <span>{t("stock.counting.of", { count: expected.expected })}</span>}
      </div>
      <div className="stock-row-main">
        <strong>{expected.name}</strong>
        <span className="quiet">{expected.sku}</span>
        <span className="counting-words">
          {!free && <span className="state" data-status={STATUS[state]}>{t(`stock.counting.standing.${state}`, { count: gap })}</span>}
          {counted.damaged > 0 && <span className="state" data-status="attention">{t("stock.counting.damagedCount", { count: counted.damaged })}</span>}
        </span>
        {[false, true].map((damaged) => (
          <Serials
            key={String(damaged)} serials={damaged ? counted.damagedSerials : counted.serials} damaged={damaged} open={piece?.sku === expected.sku ? piece.serial : null}
            onOpen={onPiece && ((serial) => onPiece(serial === null ? null : { sku: expected.sku, serial }))}
            onDrop={(serial) => { onPiece?.(null); onChange((count) => dropSerial(count, expected.sku, serial)); }}
          />
        ))}
        {onPiece && piece?.sku === expected.sku && (
          <FurtherNumbers line={counted} serial={piece.serial} onChange={(kind, value) => onChange((count) => setNumber(count, expected.sku, piece.serial, kind, value))} />
        )}
      </div>
      <div className="counting-keys">
        {expected.tracked
          ? <Button variant={atHand ? "light" : "default"} size="md" leftSection={<IconScan size={20} aria-hidden />} aria-pressed={atHand} onClick={onHand}>{t(atHand ? "stock.counting.scanning" : "stock.counting.scanSerials")}</Button>
          : <Stepper label={t(damage ? "stock.counting.whole" : "stock.counts.pieces")} name={expected.name} value={counted.quantity} onChange={(value) => onChange((count) => setPieces(count, expected, value, counted.damaged))} />}
        {damage && !expected.tracked && (
          <Stepper label={t("stock.counting.damaged")} name={expected.name} value={counted.damaged} onChange={(value) => onChange((count) => setPieces(count, expected, counted.quantity, value))} />
        )}
      </div>
      {counted.damaged > 0 && (
        <TextInput
          className="counting-note" size="md" label={t("stock.counting.note")} value={counted.note} maxLength={200}
          onChange={(event) => { const { value } = event.currentTarget; onChange((count) => setNote(count, expected.sku, value)); }}
        />
      )}
    </li>
  );
}

const STATUS = { open: "none", short: "settle", complete: "recorded", over: "waiting", notAnnounced: "waiting" } as const;

interface SerialsProps {
  serials: readonly string[];
  damaged: boolean;
  /** The piece whose other numbers are shown. */
  open: string | null;
  onOpen: ((serial: string | null) => void) | null;
  onDrop: (serial: string) => void;
}

function Serials({ serials, damaged, open, onOpen, onDrop }: SerialsProps) {
  const { t } = useTranslation();
  if (serials.length === 0) return null;
  return (
    <ul className="counting-serials" aria-label={t(damaged ? "stock.counting.damaged" : "stock.counting.whole")}>
      {serials.map((serial) => (
        <li key={serial} data-damaged={damaged}>
          {onOpen
            ? (
              <UnstyledButton
                className="counting-piece" aria-expanded={serial === open} aria-label={t("stock.counting.numbersOf", { serial })}
                onClick={() => onOpen(serial === open ? null : serial)}
              ><bdi>{serial}</bdi><IconChevronDown size={18} aria-hidden /></UnstyledButton>
            )
            : <bdi>{serial}</bdi>}
          <ActionIcon variant="subtle" color="gray" size={44} aria-label={t("stock.counting.drop", { serial })} onClick={() => onDrop(serial)}><IconX size={18} aria-hidden /></ActionIcon>
        </li>
      ))}
    </ul>
  );
}

const NUMBERS = ["imei2", "eid", "serialNumber"] as const;
const NUMBER_LABELS = { imei2: "IMEI2", eid: "EID", serialNumber: "SERIAL" } as const;

/** What else is printed on a piece's box. Scans go here while it is open. */
function FurtherNumbers({ line, serial, onChange }: { line: CountedLine; serial: string; onChange: (kind: keyof Numbers, value: string) => void }) {
  const { t } = useTranslation();
  const numbers = numbersOf(line, serial);
  return (
    <fieldset className="counting-numbers">
      <legend>{t("stock.counting.numbersOf", { serial })}</legend>
      {NUMBERS.map((kind) => {
        const problem = numberProblem(kind, numbers[kind]);
        return (
          <TextInput
            key={kind} size="md" label={t(`stock.number.${NUMBER_LABELS[kind]}`)} value={numbers[kind]} maxLength={64} autoComplete="off" spellCheck={false}
            error={problem && t(`serial.problem.${problem}`)} onChange={(event) => onChange(kind, event.currentTarget.value)}
          />
        );
      })}
    </fieldset>
  );
}

function Stepper({ label, name, value, onChange }: { label: string; name: string; value: number; onChange: (value: number) => void }) {
  const { t } = useTranslation();
  return (
    <div className="counting-stepper" role="group" aria-label={`${name}: ${label}`}>
      <span className="quiet">{label}</span>
      <ActionIcon variant="default" size={48} aria-label={t("stock.counting.less")} disabled={value <= 0} onClick={() => onChange(value - 1)}><IconMinus size={20} aria-hidden /></ActionIcon>
      <TextInput
        size="md" inputMode="numeric" aria-label={`${name}: ${label}`} value={String(value)}
        onChange={(event) => onChange(Math.min(9_999, Number(event.currentTarget.value.replace(/\D/g, "") || 0)))} onFocus={(event) => event.currentTarget.select()}
      />
      <ActionIcon variant="default" size={48} aria-label={t("stock.counting.more")} onClick={() => onChange(value + 1)}><IconPlus size={20} aria-hidden /></ActionIcon>
    </div>
  );
}
