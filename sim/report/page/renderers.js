"use strict";
// One renderer a kind of chart. Each has
//   empty(chart)             whether there is nothing to draw
//   hints(chart)             sentences under the title, "" for none
//   option(chart, card)      what ECharts draws; card.shows(name): whether the legend shows a series
//   csv(chart)               the data as rows of fields, the head first
// and may have
//   height(chart)            in pixels
//   wide(chart)              whether it takes the whole width of the page
//   zoomed(chart)            null, or from a window of the x axis (percents) to its ticks
const renderers = {};
