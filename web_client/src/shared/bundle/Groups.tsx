/** The groups of an offer, within each other, and the instances of those that may be taken more than once. */

import { Button } from "@mantine/core";
import { useMoney } from "@shared/useMoney";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import type { TFunction } from "i18next";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { type Choice, childrenOf, type Group, type Offer, withLine, withoutLine } from "./choice";
import { Options } from "./Options";
import { type Configuration, placedAt, sumOfLine, type Violation } from "./prices";
import { groupId, type Mending, ViolationNote } from "./Violations";

export interface GroupsProps extends Mending {
  offer: Offer;
  choice: Choice;
  configuration: Configuration | undefined;
  /** What an article looks like, where that is shown. */
  picture?: (sku: string) => ReactNode;
  onChange: (choice: Choice) => void;
}

export function Groups(props: GroupsProps) {
  return <Level {...props} parent={null} instance={1} level={2} />;
}

/** The first of several plain groups stands beside the others, where there is room: a device beside its plan and what goes with it. */
function Level({ parent, instance, level, ...props }: GroupsProps & { parent: string | null; instance: number; level: number }) {
  const one = (group: Group) =>
    group.maximumInstances > 1
      ? <Repeated key={group.code} {...props} group={group} level={level} />
      : <One key={group.code} {...props} group={group} instance={instance} level={level} />;
  return (
    <div className="bundle-groups">
      {runsOf(props.offer, childrenOf(props.offer, parent)).map(([first, ...others]) =>
        first && others.length > 0
          ? <div key={first.code} className="bundle-beside">{one(first)}<div>{others.map(one)}</div></div>
          : first && one(first),
      )}
    </div>
  );
}

/** Plain groups that follow each other together, every other by itself. */
function runsOf(offer: Offer, groups: Group[]): Group[][] {
  const isPlain = (group: Group) => group.maximumInstances <= 1 && !childrenOf(offer, group.code).length;
  const runs: Group[][] = [];
  for (const group of groups) {
    const last = runs.at(-1);
    if (last?.[0] && isPlain(group) && isPlain(last[0])) last.push(group);
    else runs.push([group]);
  }
  return runs;
}

interface GroupProps extends GroupsProps {
  group: Group;
  level: number;
}

function Repeated(props: GroupProps) {
  const { t } = useTranslation();
  const { offer, choice, group, onChange } = props;
  const count = choice.instances[group.code] ?? 1;
  return (
    <div className="bundle-repeated">
      {Array.from({ length: count }, (_, index) => <One key={index} {...props} instance={index + 1} isNumbered canRemove={count > Math.max(1, group.minimumInstances)} />)}
      {count < group.maximumInstances && (
        <Button variant="default" leftSection={<IconPlus size={20} aria-hidden />} onClick={() => onChange(withLine(offer, choice, group.code))}>
          {t("bundle.another", { group: group.label })}
        </Button>
      )}
      <p className="dimmed" role="status">{t("bundle.instances", { count, most: group.maximumInstances })}</p>
    </div>
  );
}

interface OneProps extends GroupProps {
  instance: number;
  isNumbered?: boolean;
  canRemove?: boolean;
}

function One({ isNumbered, canRemove, ...props }: OneProps) {
  const { t } = useTranslation();
  const { group, instance, level, offer, choice, configuration, onChange, onMend, onAddress } = props;
  const Heading = `h${Math.min(level, 6)}` as "h2" | "h3" | "h4";
  const hasChildren = childrenOf(offer, group.code).length > 0;
  const title = isNumbered ? t("bundle.numbered", { group: group.label, number: instance }) : group.label;
  const wrong = (configuration?.violations ?? []).filter((one) => {
    const place = placedAt(one);
    return place?.group === group.code && place.instance === instance;
  });
  // What is wrong with something told is said at its field.
  const noted = wrong.filter(({ characteristic }) => !characteristic);
  const id = groupId(group.code, instance);
  return (
    <section id={id} tabIndex={-1} aria-labelledby={`${id}-title`} className={groupClass(hasChildren, wrong)}>
      <header className="bundle-group-head">
        <Heading id={`${id}-title`}>{title}</Heading>
        {!hasChildren && <span className="bundle-limits">{limits(t, group)}</span>}
        {isNumbered && <LineSumView {...props} />}
        {canRemove && (
          <Button variant="subtle" color="dark" size="sm" leftSection={<IconTrash size={18} aria-hidden />} onClick={() => onChange(withoutLine(offer, choice, group.code, instance))}>
            {t("bundle.removeLine")}<span className="sr-only">: {title}</span>
          </Button>
        )}
      </header>
      {noted.map((one) => <ViolationNote key={one.code + one.message} violation={one} onMend={onMend} onAddress={onAddress} />)}
      {group.options.length > 0 && <Options {...props} title={title} />}
      {hasChildren && <Level {...props} parent={group.code} level={level + 1} />}
    </section>
  );
}

/** What this line of several costs: a further one may be cheaper. */
function LineSumView({ offer, configuration, group, instance }: OneProps) {
  const { t } = useTranslation();
  const money = useMoney();
  const sum = configuration && sumOfLine(offer, configuration.lines, group.code, instance);
  return sum ? <span className="bundle-line-sum">{t("bundle.aMonth", { price: money(sum.monthly) })}</span> : null;
}

function groupClass(hasChildren: boolean, wrong: Violation[]): string {
  return ["bundle-group", hasChildren && "bundle-group-outer", wrong.length > 0 && "bundle-group-wrong"].filter(Boolean).join(" ");
}

/** "Choose 1", "up to 3", "2 to 4": how many units a group takes. */
function limits(t: TFunction, { lowerLimit, upperLimit }: Group): string {
  if (lowerLimit === upperLimit) return t("bundle.exactly", { count: upperLimit });
  return lowerLimit === 0 ? t("bundle.upTo", { count: upperLimit }) : t("bundle.range", { least: lowerLimit, most: upperLimit });
}
