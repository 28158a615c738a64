#pragma once

#include "domain/ports.h"

#include <QByteArray>
#include <QString>

namespace yz::test {

/// A small CT object as a Part 10 file written by DCMTK.
struct SampleObject {
    QString study = QStringLiteral("1.2.826.0.1.3680043.9.1");
    QString series = QStringLiteral("1.2.826.0.1.3680043.9.1.1");
    QString instance = QStringLiteral("1.2.826.0.1.3680043.9.1.1.1");
    QString sopClass = QStringLiteral("1.2.840.10008.5.1.4.1.1.2");
    QByteArray characterSet = "ISO_IR 192";
    QByteArray patientName = "Wang^XiaoDong"; ///< raw bytes of the character set
    QByteArray description = "CHEST";
    int number = 1;
    bool jpeg2000 = false; ///< an encapsulated fragment that is no real codestream: nobody may decode it
};

QByteArray part10(const SampleObject& object);
ObjectToSend toSend(const SampleObject& object);
/// What follows the file meta information, by DCMTK's reading of its length.
QByteArray dataSetBytes(const QByteArray& part10File);
/// The value of an attribute of a Part 10 file, raw.
QByteArray valueIn(const QByteArray& part10File, quint16 group, quint16 element);
QString transferSyntaxOf(const QByteArray& part10File);

} // namespace yz::test
