// The time slider of the map of journeys. Without it the map shows one day, and in print four.
(function () {
  "use strict";
  var holder = document.getElementById("journey-data");
  if (!holder) { return; }
  var data = JSON.parse(holder.textContent);
  var slider = document.getElementById("journey-day"), words = document.getElementById("journey-told");
  var map = document.getElementById("journey-map");
  var discs = map.querySelectorAll(".staying"), ways = map.querySelectorAll(".moving");
  function people(number) {
    return number === 0 ? "0" : number < 10 ? "<10" : String(number).replace(/\B(?=(\d{3})+(?!\d))/g, ",");
  }
  function size(number, scale) { return (scale[0] * Math.sqrt(number / scale[1])).toFixed(1); }
  function show() {
    var day = Number(slider.value), moving = 0;
    data.people.forEach(function (values, place) { discs[place].setAttribute("r", size(values[day], data.disc)); });
    data.ways.forEach(function (values, way) {
      moving += values[day];
      ways[way].setAttribute("stroke-width", size(values[day], data.way));
    });
    var there = data.names.map(function (name, place) { return [data.people[place][day], name]; });
    there = there.filter(function (one) { return one[0] > 0; }).sort(function (a, b) { return b[0] - a[0]; }).slice(0, 4);
    words.textContent = data.dates[day] + ": " + there.map(function (one) { return one[1] + " " + people(one[0]); })
      .concat("on the way " + people(moving)).join("; ");
    slider.setAttribute("aria-valuetext", data.dates[day]);
  }
  slider.closest("[hidden]").hidden = false;
  slider.addEventListener("input", show);
  show();
}());
