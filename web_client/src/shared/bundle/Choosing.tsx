/** All that is chosen of an offer: for how long, and from its groups; what is wrong stands beside what causes it. */

import { Groups, type GroupsProps } from "./Groups";
import { placedAt } from "./prices";
import { Terms } from "./Terms";
import { TOP, ViolationNote } from "./Violations";

export function Choosing(props: GroupsProps) {
  const { offer, choice, configuration, onChange, onMend, onAddress } = props;
  // What no group causes or mends, such as a commitment that is not offered any more.
  const general = (configuration?.violations ?? []).filter((one) => !offer.groups.some(({ code }) => code === placedAt(one)?.group));
  return (
    <>
      <div id={TOP} tabIndex={-1} className="bundle-top">
        {general.map((one) => <ViolationNote key={one.code + one.message} violation={one} onMend={onMend} onAddress={onAddress} />)}
        <Terms offer={offer} term={choice.term} onChange={(term) => onChange({ ...choice, term })} />
      </div>
      <Groups {...props} />
    </>
  );
}
