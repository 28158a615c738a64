// Precompiled for every test: what the product's holds, and Qt Test.
#include "product.h"
#include <QElapsedTimer>
#include <QFileInfo>
#include <QProcess>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QtTest>
