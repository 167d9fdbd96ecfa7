// Footprints and stores on a plane without a background: data of this page alone, no tiles from anywhere.
"use strict";

const COLOURS = { FTTH: "#7c3aed", HFC: "#0891b2", VDSL: "#b45309", FIXED_WIRELESS: "#16a34a", NR: "#2563eb", LTE: "#64748b" };

function shown(text) {
  const label = document.createElement("span");
  label.textContent = text;
  return label;
}

function draw() {
  const place = document.getElementById("coverage-map");
  if (!place) return;
  const { footprints, stores } = JSON.parse(document.getElementById("coverage-data").textContent);
  const map = L.map(place, { attributionControl: false, preferCanvas: true });
  const style = (feature) => ({
    color: COLOURS[feature.properties.technology],
    weight: 1.5,
    dashArray: feature.properties.live ? null : "5 5",
    fillOpacity: 0.15,
  });
  const areas = L.geoJSON(footprints, {
    style,
    onEachFeature: (feature, layer) => layer.bindPopup(shown(feature.properties.label)),
  });
  // The canvas draws only where the map looks: first there must be such a place.
  map.setView([30, 0], 2);
  areas.addTo(map);
  areas.eachLayer((layer) => {
    // From far away an area is too small to be seen, its centre is not.
    L.circleMarker(layer.getBounds().getCenter(), { ...style(layer.feature), radius: 4, fillOpacity: 0.6 })
      .on("click", () => layer.openPopup())
      .addTo(map);
  });
  for (const store of stores) {
    L.circleMarker([store.latitude, store.longitude], { radius: 5, color: "#dc2626" })
      .bindPopup(shown(store.name))
      .addTo(map);
  }
  L.control.scale().addTo(map);
  const bounds = areas.getBounds();
  let placed = false;
  // The page's theme lays it out after this script has run, and anew when the sidebar opens.
  new ResizeObserver(() => {
    map.invalidateSize({ animate: false });
    if (placed || !map.getSize().x || !bounds.isValid()) return;
    map.fitBounds(bounds, { padding: [24, 24], animate: false });
    placed = true;
  }).observe(place);
  for (const button of document.querySelectorAll("[data-footprint]")) {
    button.addEventListener("click", () => {
      areas.eachLayer((layer) => {
        if (layer.feature.properties.code !== button.dataset.footprint) return;
        map.fitBounds(layer.getBounds());
        layer.openPopup();
        place.scrollIntoView({ block: "nearest" });
      });
    });
  }
}

draw();
