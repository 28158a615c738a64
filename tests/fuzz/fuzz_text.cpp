/// Character sets. Input: defined terms, a zero, a letter for the kind of value, the value.
#include "dicom/data/text.h"
#include "domain/person.h"
#include "fuzz_input.h"

using namespace yz;
using dicom::TextKind;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const QByteArray input = fuzz::bytesOf(data, size);
    const qsizetype end = input.indexOf('\0');
    if (end < 0 || end + 2 > input.size())
        return 0;
    const QByteArray set = input.left(end);
    const char letter = input[end + 1];
    const TextKind kind = letter == 'N' ? TextKind::Name : letter == 'L' ? TextKind::LongText : TextKind::Text;
    const QByteArray value = input.mid(end + 2);

    dicom::TextDecoder decoder(set);
    decoder.learn(value, kind);
    const dicom::TextReading reading = decoder.read(value, kind);
    fuzz::require(reading.text.size() <= value.size() * 2, "text does not grow beyond its bytes");
    fuzz::require(!reading.text.contains(QChar(u'\0')), "no NUL reaches the screen");
    fuzz::require(decoder.repair() == reading.repair, "a repair is remembered");
    (void)decoder.decodeList(value, kind);
    fuzz::require(dicom::TextDecoder(decoder.characterSet()).characterSet() == decoder.characterSet(),
                  "a normalised set stays as it is");

    // Whatever is broken in front, a line end and what follows it are read.
    dicom::TextDecoder other(set);
    const QString withTail = other.decode(value + "\r\n=Tail", kind);
    fuzz::require(withTail.endsWith(QStringLiteral("\r\n=Tail")), "nothing swallows what follows it");

    const PersonName name = PersonName::fromDicom(reading.text);
    (void)name.display();
    fuzz::require(PersonName::fromDicom(name.toDicom()) == name, "a name survives its PN form");
    return 0;
}
