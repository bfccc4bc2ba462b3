#pragma once

#include <torch/types.h>

#include <cstdint>

// The maths of geometric augmentation, without any randomness. A map is a double [n, 3, 3] on the
// CPU, one an item, that takes the homogeneous coordinates (x, y, 1) of an output pixel to the
// place in the input where it comes from; x goes right and y down, the picture's corners are at -1
// and 1. Draws are double [n]. source  fastai 2.7 vision.augment (golden augment)
namespace linnet {

torch::Tensor identity_map(int64_t n);
/** Mirrored from left to right where `draw` is 1, not where it is 0. */
torch::Tensor flip_mat(const torch::Tensor& draw);
/** The eight symmetries of a square, int64 [n] of 0 .. 7: 1 mirrors x, 2 mirrors y, 4 turns by
 * half, 3 swaps x and y, 5, 6 and 7 swap and mirror. */
torch::Tensor dihedral_mat(const torch::Tensor& k);
/** Turns the picture by so many degrees, counter-clockwise on the screen when positive. */
torch::Tensor rotate_mat(const torch::Tensor& degrees);
/** Enlarges `zoom` times about a point at the fractions (x, y) of width and height. */
torch::Tensor zoom_mat(const torch::Tensor& zoom, const torch::Tensor& x, const torch::Tensor& y);
/** Perspective: the plane tilted about both axes, corners moved by up to `x` and `y`. */
torch::Tensor warp_mat(const torch::Tensor& x, const torch::Tensor& y);
/** The eight numbers of the perspective map that takes the four points `from` to `to`, all double
 * [n, 4, 2], as a map. */
torch::Tensor perspective_map(const torch::Tensor& from, const torch::Tensor& to);

/** A product of affine maps made for a square picture, for one of that height and width: a turn
 * must not shear it. */
torch::Tensor for_aspect(const torch::Tensor& affine, int64_t height, int64_t width);

}  // namespace linnet
