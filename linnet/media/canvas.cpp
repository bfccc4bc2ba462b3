#include "linnet/media/canvas.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "linnet/core/error.h"

namespace linnet {

namespace {

constexpr int kOver = 3;    // fine pixels to a side of a pixel
constexpr int kShift = 4;   // bits behind the point in OpenCV's coordinates
constexpr double kFar = 4;  // coordinates are cut here, beyond what is seen

uint8_t to_byte(double value) {
  return static_cast<uint8_t>(std::lround(std::clamp(value, 0.0, 255.0)));
}

cv::Vec3b to_pixel(Color color) { return {to_byte(color.r), to_byte(color.g), to_byte(color.b)}; }

std::vector<cv::Point> to_fine(const Outline& outline, int side) {
  const double unit = side * (1 << kShift);
  std::vector<cv::Point> points;
  points.reserve(outline.size());
  for (const Point2 p : outline) {
    points.emplace_back(static_cast<int>(std::lround(std::clamp(p.x, -kFar, kFar) * unit)),
                        static_cast<int>(std::lround(std::clamp(p.y, -kFar, kFar) * unit)));
  }
  return points;
}

/** The pixels an outline may touch, widened by `margin`, inside the picture. */
cv::Rect bounds(const std::vector<cv::Point>& points, int margin, int side) {
  const cv::Rect box = cv::boundingRect(points);
  const auto low = [margin](int v) { return (v >> kShift) - margin - 1; };
  const auto high = [margin](int v) { return (v >> kShift) + margin + 2; };
  const cv::Rect wide(cv::Point(low(box.x), low(box.y)),
                      cv::Point(high(box.x + box.width), high(box.y + box.height)));
  return wide & cv::Rect(0, 0, side, side);
}

uint8_t blend(uint8_t under, uint8_t over, int alpha) {  // alpha 0 .. 256
  return static_cast<uint8_t>((under * (256 - alpha) + over * alpha + 128) >> 8);
}

}  // namespace

struct Canvas::Pixels {
  cv::Mat3b fine;
  cv::Mat1b clip;  // empty: everything is painted
};

Color mix(Color a, Color b, double share) {
  const auto between = [share](double x, double y) { return x + share * (y - x); };
  return {between(a.r, b.r), between(a.g, b.g), between(a.b, b.b)};
}

Color scaled(Color color, double factor) {
  const auto times = [factor](double v) { return std::min(255.0, v * factor); };
  return {times(color.r), times(color.g), times(color.b)};
}

Canvas::Canvas(int64_t side, Color background) : pixels_(std::make_unique<Pixels>()) {
  if (side < 1 || side > 4096) {
    throw UsageError("Canvas", fmt::format("side: got {} pixels, expected 1 to 4096", side));
  }
  const int fine = static_cast<int>(side) * kOver;
  pixels_->fine = cv::Mat3b(fine, fine, to_pixel(background));
}

Canvas::~Canvas() = default;

void Canvas::fill(const Outline& outline, Color color, double opacity) {
  paint_mask(outline, color, opacity, 0);
}

void Canvas::stroke(const Outline& outline, Color color, double width) {
  paint_mask(outline, color, 1, width);
}

void Canvas::paint_mask(const Outline& outline, Color color, double opacity, double stroke_width) {
  if (outline.empty()) return;
  const int side = pixels_->fine.rows;
  const auto points = to_fine(outline, side);
  const int thickness = std::max(1, static_cast<int>(std::lround(stroke_width * side)));
  const cv::Rect box = bounds(points, stroke_width > 0 ? thickness : 0, side);
  if (box.empty()) return;
  cv::Mat1b mask(box.size(), uint8_t{0});
  const cv::Point offset(-box.x * (1 << kShift), -box.y * (1 << kShift));
  std::vector<cv::Point> inside(points);
  for (cv::Point& p : inside) p += offset;
  if (stroke_width > 0) {
    cv::polylines(mask, inside, true, 255, thickness, cv::LINE_8, kShift);
  } else {
    cv::fillPoly(mask, inside, 255, cv::LINE_8, kShift);
  }
  if (!pixels_->clip.empty()) mask &= pixels_->clip(box);
  const cv::Vec3b over = to_pixel(color);
  const int alpha = static_cast<int>(std::lround(std::clamp(opacity, 0.0, 1.0) * 256));
  for (int y = 0; y < box.height; ++y) {
    const uint8_t* set = mask[y];
    cv::Vec3b* row = pixels_->fine[y + box.y] + box.x;
    for (int x = 0; x < box.width; ++x) {
      if (set[x] == 0) continue;
      for (int c = 0; c < 3; ++c) row[x][c] = blend(row[x][c], over[c], alpha);
    }
  }
}

void Canvas::fill_gradient(Color top, Color bottom) {
  cv::Mat3b& fine = pixels_->fine;
  for (int y = 0; y < fine.rows; ++y) {
    fine.row(y) = to_pixel(mix(top, bottom, static_cast<double>(y) / fine.rows));
  }
}

void Canvas::light(double left, double right) {
  cv::Mat3b& fine = pixels_->fine;
  std::vector<int> factors;  // of 256
  for (int x = 0; x < fine.cols; ++x) {
    const double share = static_cast<double>(x) / fine.cols;
    factors.push_back(static_cast<int>(std::lround((left + share * (right - left)) * 256)));
  }
  for (int y = 0; y < fine.rows; ++y) {
    cv::Vec3b* row = fine[y];
    for (int x = 0; x < fine.cols; ++x) {
      const int factor = factors[static_cast<size_t>(x)];
      for (int c = 0; c < 3; ++c) {
        row[x][c] = static_cast<uint8_t>(std::clamp((row[x][c] * factor + 128) >> 8, 0, 255));
      }
    }
  }
}

void Canvas::clip(const Outline& outline) {
  const int side = pixels_->fine.rows;
  pixels_->clip = cv::Mat1b(side, side, uint8_t{0});
  if (!outline.empty())
    cv::fillPoly(pixels_->clip, to_fine(outline, side), 255, cv::LINE_8, kShift);
}

void Canvas::unclip() { pixels_->clip.release(); }

Image Canvas::image(double blur) const {
  const cv::Mat3b& fine = pixels_->fine;
  const int side = fine.rows / kOver;
  Image image(side, side, 3);
  cv::Mat3b pixels(side, side, reinterpret_cast<cv::Vec3b*>(image.data()));
  if (blur > 0) {
    cv::Mat3b soft;
    cv::GaussianBlur(fine, soft, cv::Size(), blur * kOver);
    cv::resize(soft, pixels, pixels.size(), 0, 0, cv::INTER_AREA);
  } else {
    cv::resize(fine, pixels, pixels.size(), 0, 0, cv::INTER_AREA);
  }
  return image;
}

}  // namespace linnet
