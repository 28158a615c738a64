// Precompiled for every test: what the product's holds and what tests use besides. Not Qt Test itself, whose headers
// differ with the Qt libraries a test links.
#include "product.h"
#include <QElapsedTimer>
#include <QFileInfo>
#include <QProcess>
#include <QRegularExpression>
#include <QTemporaryDir>
