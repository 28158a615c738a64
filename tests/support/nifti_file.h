#pragma once

#include "core/points.h"
#include "core/result.h"

#include <QFile>
#include <QString>
#include <array>
#include <cmath>
#include <cstring>
#include <vector>

/// The single-file form of NIfTI-1 (nifti1.h of the DFWG: a header of 348 bytes), uncompressed, little-endian, signed
/// 16 bits: what dcm2niix writes and the reference data hold.
namespace yz::test {

class NiftiFile {
public:
    static Result<NiftiFile> read(const QString& path) {
        QFile file(path);
        if (!file.open(QIODevice::ReadOnly))
            return fail(ErrorCode::FileUnreadable, path);
        const QByteArray bytes = file.readAll();
        constexpr int kHeader = 348;
        if (bytes.size() < kHeader + 4 || at<std::int32_t>(bytes, 0) != kHeader || bytes.mid(344, 3) != "n+1")
            return fail(ErrorCode::DataSetBroken, QStringLiteral("no NIfTI-1 file"));
        constexpr int kInt16 = 4;
        if (at<std::int16_t>(bytes, 70) != kInt16)
            return fail(ErrorCode::NotSupported, QStringLiteral("data type"));
        NiftiFile nifti;
        for (size_t i = 0; i < 4; ++i)
            nifti.m_size[i] = std::max<int>(at<std::int16_t>(bytes, 42 + 2 * static_cast<int>(i)), 1);
        nifti.m_slope = at<float>(bytes, 112);
        nifti.m_intercept = at<float>(bytes, 116);
        if (at<std::int16_t>(bytes, 254) <= 0)
            return fail(ErrorCode::NotSupported, QStringLiteral("no sform"));
        // RAS to LPS: the first two rows change their sign.
        for (int row = 0; row < 3; ++row)
            for (int column = 0; column < 4; ++column)
                nifti.m_affine[static_cast<size_t>(row)][static_cast<size_t>(column)] =
                    (row < 2 ? -1.0 : 1.0) * double(at<float>(bytes, 280 + 16 * row + 4 * column));
        const auto offset = static_cast<qsizetype>(at<float>(bytes, 108));
        const size_t count = static_cast<size_t>(nifti.m_size[0]) * static_cast<size_t>(nifti.m_size[1]) *
                             static_cast<size_t>(nifti.m_size[2]) * static_cast<size_t>(nifti.m_size[3]);
        if (offset < kHeader || bytes.size() < offset + static_cast<qsizetype>(count * 2))
            return fail(ErrorCode::DataSetTruncated, path);
        nifti.m_values.resize(count);
        std::memcpy(nifti.m_values.data(), bytes.constData() + offset, count * 2);
        return nifti;
    }

    [[nodiscard]] int size(int axis) const { return m_size[static_cast<size_t>(axis)]; }
    [[nodiscard]] double slope() const { return m_slope; }
    [[nodiscard]] double intercept() const { return m_intercept; }

    /// Centre of a voxel, mm LPS.
    [[nodiscard]] PatientPoint toPatient(double i, double j, double k) const {
        const auto row = [&](size_t r) {
            return m_affine[r][0] * i + m_affine[r][1] * j + m_affine[r][2] * k + m_affine[r][3];
        };
        return {row(0), row(1), row(2)};
    }
    [[nodiscard]] VoxelIndex toVoxel(const PatientPoint& point) const {
        // Cramer's rule on the three columns.
        const PatientVector a = axis(0), b = axis(1), c = axis(2);
        const PatientVector d = point - PatientPoint{m_affine[0][3], m_affine[1][3], m_affine[2][3]};
        const double whole = a.dot(b.cross(c));
        return {d.dot(b.cross(c)) / whole, a.dot(d.cross(c)) / whole, a.dot(b.cross(d)) / whole};
    }
    /// Way from one voxel to the next, mm LPS.
    [[nodiscard]] PatientVector axis(size_t which) const {
        return {m_affine[0][which], m_affine[1][which], m_affine[2][which]};
    }

    [[nodiscard]] int stored(int i, int j, int k, int t = 0) const {
        const size_t index = ((static_cast<size_t>(t) * static_cast<size_t>(m_size[2]) + static_cast<size_t>(k)) *
                                  static_cast<size_t>(m_size[1]) +
                              static_cast<size_t>(j)) *
                                 static_cast<size_t>(m_size[0]) +
                             static_cast<size_t>(i);
        return m_values[index];
    }
    /// Trilinear between stored values; the point must lie within the outer voxel centres.
    [[nodiscard]] double storedAt(const VoxelIndex& at, int t = 0) const {
        const auto low = [&](double x, int axis) {
            return std::clamp(static_cast<int>(std::floor(x)), 0, std::max(size(axis) - 2, 0));
        };
        const int i = low(at.x, 0), j = low(at.y, 1), k = low(at.z, 2);
        const double u = at.x - i, v = at.y - j, w = at.z - k;
        double sum = 0.0;
        for (int corner = 0; corner < 8; ++corner) {
            const int x = corner & 1, y = (corner >> 1) & 1, z = (corner >> 2) & 1;
            const double weight = (x ? u : 1 - u) * (y ? v : 1 - v) * (z ? w : 1 - w);
            if (weight != 0.0)
                sum += weight * stored(std::min(i + x, size(0) - 1), std::min(j + y, size(1) - 1),
                                       std::min(k + z, size(2) - 1), t);
        }
        return sum;
    }

private:
    template <typename T> static T at(const QByteArray& bytes, int offset) {
        T value;
        std::memcpy(&value, bytes.constData() + offset, sizeof value);
        return value;
    }

    std::array<int, 4> m_size{};
    double m_slope = 1.0, m_intercept = 0.0;
    std::array<std::array<double, 4>, 3> m_affine{};
    std::vector<std::int16_t> m_values;
};

} // namespace yz::test
