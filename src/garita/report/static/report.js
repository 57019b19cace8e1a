// Readouts under the pointer, sorting, filtering, saving tables. Everything can be read without it.
(function () {
  "use strict";
  var data = JSON.parse(document.getElementById("curves").textContent);
  var panels = Array.prototype.slice.call(document.querySelectorAll(".panel[data-line]"));
  var svgNames = { left: data.left, right: data.width - data.right };
  panels.forEach(function (panel) {
    panel.words = panel.querySelector(".readout");
    panel.rest = panel.words.innerHTML;
    panel.cursor = panel.querySelector(".cursor");
    panel.tabIndex = 0;
  });

  function group(number) { return String(number).replace(/\B(?=(\d{3})+(?!\d))/g, ","); }
  function told(values, bin, unit) {
    if (values[0][bin] < 0) { return "nobody"; }
    var text = group(values[0][bin]) + unit;
    if (values[1][bin] >= 0 && values[1][bin] !== values[2][bin]) {
      text += " (" + group(values[1][bin]) + " to " + group(values[2][bin]) + ")";
    }
    return text;
  }
  function element(name, text) { var made = document.createElement(name); made.textContent = text; return made; }
  function show(bin) {
    var x = svgNames.left + (svgNames.right - svgNames.left) * (bin + 0.5) / data.times.length;
    panels.forEach(function (panel) {
      var line = data.lines[panel.dataset.line];
      panel.cursor.setAttribute("transform", "translate(" + x.toFixed(1) + " 0)");
      panel.cursor.style.visibility = "visible";
      panel.words.textContent = data.times[bin] + ": wait ";
      panel.words.append(element("b", told(line.w, bin, " min")), ", without ", element("i", told(line.v, bin, " min")),
        "; queue ", element("b", told(line.q, bin, "")), ", without ", element("i", told(line.p, bin, "")));
    });
  }
  function clear() {
    panels.forEach(function (panel) { panel.cursor.style.visibility = "hidden"; panel.words.innerHTML = panel.rest; });
  }
  panels.forEach(function (panel) {
    var chart = panel.querySelector("svg"), at = 0;
    function move(event) {
      var box = chart.getBoundingClientRect();
      var x = (event.clientX - box.left) / box.width * data.width;
      var share = (x - svgNames.left) / (svgNames.right - svgNames.left);
      at = Math.min(data.times.length - 1, Math.max(0, Math.floor(share * data.times.length)));
      show(at);
    }
    chart.addEventListener("pointermove", move);
    chart.addEventListener("pointerdown", move);
    chart.addEventListener("pointerleave", clear);
    panel.addEventListener("blur", clear);
    panel.addEventListener("keydown", function (event) {
      var step = { ArrowLeft: -1, ArrowRight: 1, PageUp: -data.hour * 6, PageDown: data.hour * 6 }[event.key];
      if (event.key === "Escape") { clear(); }
      if (!step) { return; }
      event.preventDefault();
      at = Math.min(data.times.length - 1, Math.max(0, at + step));
      show(at);
    });
  });

  function key(cell) {
    if (cell.dataset.sort !== undefined) { return parseFloat(cell.dataset.sort); }
    var text = cell.textContent.trim();
    if (!cell.classList.contains("num")) { return text.toLowerCase(); }
    return parseFloat(text.replace(/\u2212/g, "-").replace(/,/g, ""));
  }
  function compare(a, b) {
    var empty = [a, b].map(function (x) { return typeof x === "number" && isNaN(x); });
    if (empty[0] || empty[1]) { return empty[0] - empty[1]; }
    return a < b ? -1 : a > b ? 1 : 0;
  }
  document.querySelectorAll("table.sortable").forEach(function (table) {
    var heads = Array.prototype.slice.call(table.tHead.rows[0].cells);
    heads.forEach(function (head, column) {
      var button = element("button", "");
      button.type = "button";
      while (head.firstChild) { button.append(head.firstChild); }
      head.append(button);
      button.addEventListener("click", function () {
        var down = head.getAttribute("aria-sort") === "ascending";
        heads.forEach(function (other) { other.removeAttribute("aria-sort"); });
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        var rows = Array.prototype.slice.call(table.tBodies[0].rows).map(function (row) { return [key(row.cells[column]), row]; });
        rows.sort(function (a, b) {
          var missing = [a, b].some(function (x) { return typeof x[0] === "number" && isNaN(x[0]); });
          var order = compare(a[0], b[0]);
          return down && !missing ? -order : order;
        });
        rows.forEach(function (row) { table.tBodies[0].append(row[1]); });
      });
    });
  });

  document.querySelectorAll(".tools[data-table]").forEach(function (tools) {
    var table = document.getElementById(tools.dataset.table);
    var rows = Array.prototype.slice.call(table.tBodies[0].rows);
    var said = tools.querySelector("output");
    var names = tools.dataset.fields.split(" ");
    var facets = rows.map(function (row) { return row.dataset.f.split("|"); });
    var texts = rows.map(function (row) { return row.textContent.toLowerCase(); });
    function filter() {
      var words = "", wanted = {};
      tools.querySelectorAll("input, select").forEach(function (field) {
        if (field.type === "search") { words = field.value.trim().toLowerCase(); } else { wanted[field.name] = field.value; }
      });
      var shown = 0;
      rows.forEach(function (row, at) {
        var keep = names.every(function (name, place) { return !wanted[name] || facets[at][place] === wanted[name]; });
        keep = keep && (!words || words.split(/\s+/).every(function (word) { return texts[at].indexOf(word) >= 0; }));
        row.hidden = !keep;
        shown += keep;
      });
      said.textContent = shown + " of " + rows.length + " rows";
    }
    tools.addEventListener("input", filter);
    tools.hidden = false;
    filter();
    var save = tools.querySelector("button.save");
    if (save) {
      save.addEventListener("click", function () {
        var text = document.getElementById(save.dataset.csv).textContent.replace(/^\s+/, "");
        var link = document.createElement("a");
        link.href = URL.createObjectURL(new Blob(["\ufeff" + text], { type: "text/csv;charset=utf-8" }));
        link.download = save.dataset.csv + ".csv";
        link.click();
        setTimeout(function () { URL.revokeObjectURL(link.href); }, 1000);
      });
    }
  });

  document.querySelectorAll("a.def").forEach(function (link) {
    var term = document.getElementById(link.getAttribute("href").slice(1));
    if (term) { link.title = term.nextElementSibling.textContent; }
  });

  // A link into something folded unfolds it.
  function unfold() {
    var target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    var fold = target && target.closest("details");
    if (fold && !fold.open) { fold.open = true; target.scrollIntoView(); }
  }
  window.addEventListener("hashchange", unfold);
  unfold();

  // What is folded or filtered on the screen is printed whole.
  var folded = [];
  window.addEventListener("beforeprint", function () {
    clear();
    folded = Array.prototype.filter.call(document.querySelectorAll("details"), function (one) { return !one.open && !one.classList.contains("screen"); });
    folded.forEach(function (one) { one.open = true; });
  });
  window.addEventListener("afterprint", function () { folded.forEach(function (one) { one.open = false; }); });
})();
