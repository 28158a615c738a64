#include "cli_runner.h"

#include "support/nifti_file.h"
#include "support/shared_data.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QTemporaryDir>
#include <QTest>
#include <cmath>
#include <cstring>

using namespace yz::test;

/// yuanzhen-cli inspect and mpr on real files, without a workstation.
class CliGeometryTest : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_folder;
    QString m_data;
    CliDesk m_desk{QString()};

    QStringList cut(const QString& series, const QStringList& more = {}) const {
        return QStringList{QStringLiteral("mpr"), series, QStringLiteral("--out"),
                           m_folder.filePath(QStringLiteral("cut.raw"))} +
               more;
    }
    static QString numbers(const yz::PatientPoint& point) {
        return QStringLiteral("%1,%2,%3").arg(point.x, 0, 'g', 12).arg(point.y, 0, 'g', 12).arg(point.z, 0, 'g', 12);
    }

private Q_SLOTS:
    void initTestCase() {
        m_data = sharedData();
        if (m_data.isEmpty())
            QSKIP("no third-party studies");
    }

    void inspectTellsAllThatIsWrong() {
        // A volume with one slice missing, one file twice, one cut off, one no DICOM, one of another patient's name.
        const QString folder = m_folder.filePath(QStringLiteral("mixed"));
        QVERIFY(QDir().mkpath(folder + QStringLiteral("/below")));
        const QString ge = m_data + QStringLiteral("/dcm_qa_ct/In/GE/");
        for (int i = 15; i <= 28; ++i)
            if (i != 20)
                QVERIFY(QFile::copy(ge + QStringLiteral("%1.dcm").arg(i), folder + QStringLiteral("/%1.dcm").arg(i)));
        QVERIFY(QFile::copy(ge + QStringLiteral("16.dcm"), folder + QStringLiteral("/below/again.dcm")));
        QByteArray cutOff = bytesOf(ge + QStringLiteral("20.dcm"));
        cutOff.truncate(900);
        QFile broken(folder + QStringLiteral("/broken.dcm"));
        QVERIFY(broken.open(QIODevice::WriteOnly) && broken.write(cutOff) == cutOff.size());
        broken.close();
        QFile note(folder + QStringLiteral("/note.txt"));
        QVERIFY(note.open(QIODevice::WriteOnly) && note.write("no data set") > 0);
        note.close();

        const Reply reply = m_desk.run({QStringLiteral("inspect"), folder});
        QVERIFY2(reply.exitCode == 3, reply.text());
        const QJsonObject found = reply.object();
        QCOMPARE(found["files"].toInt(), 16);
        QCOMPARE(found["clean"].toBool(), false);
        QCOMPARE(found["notDicom"].toArray(), QJsonArray{QStringLiteral("note.txt")});
        const QJsonArray problems = found["problems"].toArray();
        QVERIFY2(problems.size() == 1, reply.text());
        QCOMPARE(problems[0].toObject()["file"].toString(), QStringLiteral("broken.dcm"));
        QVERIFY(!problems[0].toObject()["error"].toString().isEmpty());
        const QJsonObject duplicate = found["duplicates"].toArray()[0].toObject();
        QCOMPARE(duplicate["identical"].toBool(), true);
        QCOMPARE(duplicate["files"].toArray(),
                 (QJsonArray{QStringLiteral("16.dcm"), QStringLiteral("below/again.dcm")}));
        const QJsonObject series = found["studies"].toArray()[0].toObject()["series"].toArray()[0].toObject();
        const QJsonObject stack = series["stacks"].toArray()[0].toObject();
        QCOMPARE(stack["frames"].toInt(), 13);
        QStringList kinds;
        for (const QJsonValue& finding : stack["findings"].toArray())
            kinds.append(finding.toObject()["kind"].toString());
        QVERIFY(kinds.contains(QStringLiteral("missingSlices")));
        QVERIFY(kinds.contains(QStringLiteral("gantryTilt")));
        // 14 mm without a slice: more than may be bridged.
        QVERIFY(kinds.contains(QStringLiteral("wideGap")));
        QCOMPARE(stack["noVolume"].toObject()["error"].toString(), QStringLiteral("VolumeNotPossible"));
        QCOMPARE(stack["noVolume"].toObject()["obstacle"].toObject()["kind"].toString(), QStringLiteral("wideGap"));
    }

    void inspectOfACleanFolder() {
        const Reply reply = m_desk.run({QStringLiteral("inspect"), m_data + QStringLiteral("/dcm_qa_enh/In/Siemens")});
        QVERIFY2(reply.exitCode == 0, reply.text());
        const QJsonArray stacks =
            reply.object()["studies"].toArray()[0].toObject()["series"].toArray()[0].toObject()["stacks"].toArray();
        QCOMPARE(stacks.size(), 4);
        const QJsonObject split = stacks[2].toObject()["splitBy"].toArray()[0].toObject();
        QCOMPARE(split["by"].toString(), QStringLiteral("temporalPosition"));
        QCOMPARE(split["index"].toInt(), 3);
        QCOMPARE(stacks[2].toObject()["volume"].toObject()["slices"].toInt(), 6);
    }

    void inspectOfNoFolder() {
        const Reply reply = m_desk.run({QStringLiteral("inspect"), m_folder.filePath(QStringLiteral("nowhere"))});
        QCOMPARE(reply.exitCode, 1);
        QCOMPARE(reply.error(), QStringLiteral("NotFound"));
    }

    // The field map's NIfTI: 128 x 128 x 16 of 1.875 x 1.875 x 9 mm; values are Hz, stored 1:1.
    void mprAgreesWithTheReference_data() {
        QTest::addColumn<QString>("type");
        QTest::newRow("float32") << QStringLiteral("float32");
        QTest::newRow("int16") << QStringLiteral("int16");
    }
    void mprAgreesWithTheReference() {
        QFETCH(QString, type);
        const auto nifti =
            NiftiFile::read(m_data + QStringLiteral("/dcm_qa_fmap/Ref/GE_6_CV_Neuro_HH_Adv_fieldmaphz.nii"));
        QVERIFY(nifti);
        // A coronal plane in steps of 1.5 mm, through 40.25 of the image's rows.
        const yz::PatientVector row = nifti->axis(0).normalized(), column = nifti->axis(2).normalized();
        const yz::PatientPoint origin = nifti->toPatient(10.0, 40.25, 1.0);
        const Reply reply =
            m_desk.run(cut(m_data + QStringLiteral("/dcm_qa_fmap/In/GE/6_CV_Neuro"),
                           {QStringLiteral("--stack"), QStringLiteral("0"), QStringLiteral("--origin"), numbers(origin),
                            QStringLiteral("--row"), numbers(row), QStringLiteral("--column"), numbers(column),
                            QStringLiteral("--spacing"), QStringLiteral("1.5"), QStringLiteral("--size"),
                            QStringLiteral("100,80"), QStringLiteral("--type"), type}));
        QVERIFY2(reply.exitCode == 0, reply.text());
        const QJsonObject said = reply.object();
        QCOMPARE(said["type"].toString(), type);
        QCOMPARE(said["pixelsInside"].toInt(), 8000);
        const QByteArray raw = bytesOf(m_folder.filePath(QStringLiteral("cut.raw")));
        QCOMPARE(raw.size(), qsizetype(8000) * (type == QLatin1String("float32") ? 4 : 2));
        double worst = 0.0;
        for (int y = 0; y < 80; ++y)
            for (int x = 0; x < 100; ++x) {
                const int at = y * 100 + x;
                double value = 0.0;
                if (type == QLatin1String("float32")) {
                    float single = 0.0F;
                    std::memcpy(&single, raw.constData() + at * 4, sizeof single);
                    value = double(single);
                } else {
                    std::int16_t stored = 0;
                    std::memcpy(&stored, raw.constData() + at * 2, sizeof stored);
                    value = stored * said["slope"].toDouble() + said["intercept"].toDouble();
                }
                const yz::PatientPoint point = origin + row * (1.5 * x) + column * (1.5 * y);
                worst = std::max(worst, std::abs(value - nifti->storedAt(nifti->toVoxel(point))));
            }
        QVERIFY2(worst <= 0.51, qPrintable(QString::number(worst))); // rounding to a stored value
    }

    void mprSlabOfTheLargestAndOutside() {
        const auto nifti = NiftiFile::read(m_data + QStringLiteral("/dcm_qa_fmap/Ref/GE_6_CV_Neuro_HH_Adv.nii"));
        QVERIFY(nifti);
        // Three slices of 9 mm around slice 8, and columns that begin four voxels outside.
        const yz::PatientPoint origin = nifti->toPatient(-4.0, 20.0, 8.0);
        const Reply reply = m_desk.run(cut(
            m_data + QStringLiteral("/dcm_qa_fmap/In/GE/6_CV_Neuro"),
            {QStringLiteral("--stack"), QStringLiteral("1"), QStringLiteral("--origin"), numbers(origin),
             QStringLiteral("--row"), numbers(nifti->axis(0)), QStringLiteral("--column"), numbers(nifti->axis(1)),
             QStringLiteral("--spacing"), QStringLiteral("1.875"), QStringLiteral("--size"), QStringLiteral("60,50"),
             QStringLiteral("--slab"), QStringLiteral("18"), QStringLiteral("--mode"), QStringLiteral("mip")}));
        QVERIFY2(reply.exitCode == 0, reply.text());
        const QByteArray raw = bytesOf(m_folder.filePath(QStringLiteral("cut.raw")));
        QCOMPARE(reply.object()["pixelsInside"].toInt(), 56 * 50);
        for (int y = 0; y < 50; ++y)
            for (int x = 0; x < 60; ++x) {
                float value = 0.0F;
                std::memcpy(&value, raw.constData() + (y * 60 + x) * 4, sizeof value);
                const int i = x - 4, j = 20 + y;
                const int expected =
                    i < 0 ? static_cast<int>(reply.object()["outsideValue"].toDouble())
                          : std::max({nifti->stored(i, j, 7), nifti->stored(i, j, 8), nifti->stored(i, j, 9)});
                QVERIFY2(
                    std::abs(double(value) - expected) <= 1.0,
                    qPrintable(QStringLiteral("%1,%2: %3, not %4").arg(i).arg(j).arg(double(value)).arg(expected)));
            }
    }

    void mprSaysWhatIsWrong() {
        const QString series = m_data + QStringLiteral("/dcm_qa_fmap/In/GE/6_CV_Neuro");
        const QStringList plane{QStringLiteral("--origin"),  QStringLiteral("0,0,0"),    QStringLiteral("--row"),
                                QStringLiteral("1,0,0"),     QStringLiteral("--column"), QStringLiteral("1,1,0"),
                                QStringLiteral("--spacing"), QStringLiteral("1"),        QStringLiteral("--size"),
                                QStringLiteral("4,4")};
        QCOMPARE(m_desk.run(cut(series, plane)).exitCode, 2); // not at right angles
        QStringList missing = plane;
        missing.remove(0, 2);
        QCOMPARE(m_desk.run(cut(series, missing)).exitCode, 2);
        QStringList straight = plane;
        straight[5] = QStringLiteral("0,1,0");
        const Reply single = m_desk.run(cut(series + QStringLiteral("/i100572.MRDC.17"), straight));
        QCOMPARE(single.exitCode, 1);
        QCOMPARE(single.error(), QStringLiteral("VolumeNotPossible"));
        QCOMPARE(m_desk.run(cut(QStringLiteral("1.2.3"), straight)).error(), QStringLiteral("NotFound"));
    }
};

QTEST_GUILESS_MAIN(CliGeometryTest)
#include "cli_geometry_test.moc"
