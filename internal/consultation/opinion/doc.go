// Package opinion finds groups of people who answer alike, and what unites and
// divides them, from who agreed or disagreed with what.
//
// The method is the one Polis publishes (Small, Bjorkegren, Erkkilä, Shaw and
// Megill, "Polis: Scaling Deliberation by Mapping High Dimensional Opinion Spaces",
// Recerca 26(2), 2021; compdemocracy.org/algorithms): two principal components,
// missing answers as means, places pushed out by how little somebody answered;
// k-means in two steps, at most a hundred small clusters and from them two to five
// groups; the number of groups by silhouette; group-informed consensus. Where the
// paper is silent, its program's source is followed, which is named beside each
// step. No code of it is used.
//
// It promises that the same votes give the same result on every machine, to the
// last byte, in whatever order they come: no chance, no map order, products rounded
// before they are summed so that no processor fuses them, values rounded to a grid
// before they are compared, ties going to the lower id. That is why it does its own
// algebra: libraries have other kernels on other processors. The tests compare it
// with gonum's.
//
// It knows neither databases nor who people are: an id is a text.
package opinion
