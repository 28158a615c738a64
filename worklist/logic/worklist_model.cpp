#include "worklist/worklist_model.h"

#include <algorithm>
#include <iterator>
#include <limits>

namespace yz {

namespace {

/// More runs than this cost a view more than starting afresh.
constexpr size_t kMaxRuns = 64;

template <typename T> int threeWay(const T& a, const T& b) { return a < b ? -1 : b < a ? 1 : 0; }

/// Invalid times last.
int compareTimes(const QDateTime& a, const QDateTime& b) {
    if (a.isValid() != b.isValid())
        return a.isValid() ? -1 : 1;
    return threeWay(a, b);
}

int defaultOrder(const WorklistRow& a, const WorklistRow& b) {
    if (a.isOpen != b.isOpen)
        return a.isOpen ? -1 : 1;
    if (a.task.priority != b.task.priority)
        return a.task.priority > b.task.priority ? -1 : 1;
    if (const int due = compareTimes(a.due, b.due))
        return due;
    return threeWay(a.task.uid, b.task.uid);
}

/// Days lived, for sorting; unknown ages last.
int ageOrder(const WorklistRow& row) {
    const QString age = ageOn(row.task.order.patient, row.start.date());
    const int value = age.left(3).toInt();
    if (age.size() < 4)
        return std::numeric_limits<int>::max();
    switch (age[3].unicode()) {
    case 'Y':
        return value * 365;
    case 'M':
        return value * 30;
    case 'W':
        return value * 7;
    default:
        return value;
    }
}

struct Run {
    int first, last;
};

/// Positions where `is` holds, as runs of neighbours.
template <typename Predicate> std::vector<Run> runsOf(int count, Predicate is) {
    std::vector<Run> runs;
    for (int i = 0; i < count; ++i) {
        if (!is(i))
            continue;
        if (!runs.empty() && runs.back().last == i - 1)
            runs.back().last = i;
        else
            runs.push_back({i, i});
    }
    return runs;
}

QHash<WorkitemUid, int> indexOf(const std::vector<WorklistRowPtr>& rows) {
    QHash<WorkitemUid, int> index;
    index.reserve(static_cast<qsizetype>(rows.size()));
    for (size_t i = 0; i < rows.size(); ++i)
        index.insert(rows[i]->task.uid, static_cast<int>(i));
    return index;
}

} // namespace

WorklistModel::WorklistModel(QObject* parent) : QAbstractTableModel(parent) { m_collator.setNumericMode(true); }

void WorklistModel::setRows(const std::vector<WorklistRowPtr>& rows) {
    m_all = rows;
    arrange();
    show(matching());
}

void WorklistModel::setFilter(const WorklistFilter& filter) {
    if (filter == m_filter)
        return;
    m_filter = filter;
    show(matching());
}

void WorklistModel::sort(int column, Qt::SortOrder order) {
    if (column == m_sortColumn && order == m_sortOrder)
        return;
    m_sortColumn = column;
    m_sortOrder = order;
    arrange();
    show(matching());
}

const WorklistRow* WorklistModel::rowAt(int row) const {
    return row >= 0 && row < rowCount() ? m_shown[static_cast<size_t>(row)].get() : nullptr;
}

int WorklistModel::rowOf(const WorkitemUid& task) const { return m_rowOf.value(task, -1); }

const WorklistRow* WorklistModel::find(const WorkitemUid& task) const {
    const auto found =
        std::find_if(m_all.begin(), m_all.end(), [&](const WorklistRowPtr& row) { return row->task.uid == task; });
    return found == m_all.end() ? nullptr : found->get();
}

void WorklistModel::arrange() {
    std::sort(m_all.begin(), m_all.end(), [this](const WorklistRowPtr& a, const WorklistRowPtr& b) {
        const int order = compare(*a, *b);
        if (order != 0)
            return m_sortOrder == Qt::AscendingOrder ? order < 0 : order > 0;
        return defaultOrder(*a, *b) < 0;
    });
}

std::vector<WorklistRowPtr> WorklistModel::matching() const {
    const WorklistMatcher matcher(m_filter);
    std::vector<WorklistRowPtr> rows;
    rows.reserve(m_all.size());
    std::copy_if(m_all.begin(), m_all.end(), std::back_inserter(rows),
                 [&](const WorklistRowPtr& row) { return matcher.matches(*row); });
    return rows;
}

int WorklistModel::compare(const WorklistRow& a, const WorklistRow& b) const {
    const Order& x = a.task.order;
    const Order& y = b.task.order;
    switch (m_sortColumn) {
    case PriorityColumn:
        return threeWay(static_cast<int>(b.task.priority), static_cast<int>(a.task.priority));
    case DueColumn:
        return compareTimes(a.due, b.due);
    case HospitalColumn:
        return m_collator.compare(x.requestingHospital, y.requestingHospital);
    case PatientColumn:
        return m_collator.compare(x.patient.name.display(), y.patient.name.display());
    case SexAgeColumn:
        return threeWay(ageOrder(a), ageOrder(b));
    case ModalityColumn:
        return threeWay(x.modality, y.modality);
    case BodyPartColumn:
        return threeWay(x.bodyPart, y.bodyPart);
    case ItemColumn:
        return m_collator.compare(x.item, y.item);
    case KindColumn:
        return threeWay(static_cast<int>(a.task.kind), static_cast<int>(b.task.kind));
    case StateColumn:
        return threeWay(static_cast<int>(a.state), static_cast<int>(b.state));
    case HolderColumn:
        return m_collator.compare(a.task.holderName, b.task.holderName);
    case ImagesColumn:
        return threeWay(a.images.percent(), b.images.percent());
    case ExamTimeColumn:
        return compareTimes(x.examTime, y.examTime);
    default:
        return 0;
    }
}

void WorklistModel::show(std::vector<WorklistRowPtr> next) {
    const QHash<WorkitemUid, int> nextRow = indexOf(next);
    const auto count = [this] { return static_cast<int>(m_shown.size()); };
    const std::vector<Run> gone =
        runsOf(count(), [&](int i) { return !nextRow.contains(m_shown[static_cast<size_t>(i)]->task.uid); });
    const std::vector<Run> fresh = runsOf(static_cast<int>(next.size()), [&](int i) {
        return !m_rowOf.contains(next[static_cast<size_t>(i)]->task.uid);
    });
    if (gone.size() + fresh.size() > kMaxRuns) {
        beginResetModel();
        m_shown = std::move(next);
        m_rowOf = nextRow;
        endResetModel();
        return;
    }
    for (auto run = gone.rbegin(); run != gone.rend(); ++run) {
        beginRemoveRows({}, run->first, run->last);
        m_shown.erase(m_shown.begin() + run->first, m_shown.begin() + run->last + 1);
        endRemoveRows();
    }
    // What stayed, in the order it has from now on.
    std::vector<WorklistRowPtr> stayed = m_shown;
    std::sort(stayed.begin(), stayed.end(), [&](const WorklistRowPtr& a, const WorklistRowPtr& b) {
        return nextRow.value(a->task.uid) < nextRow.value(b->task.uid);
    });
    if (stayed != m_shown)
        reorder(stayed);
    for (const Run& run : fresh) {
        beginInsertRows({}, run.first, run.last);
        m_shown.insert(m_shown.begin() + run.first, next.begin() + run.first, next.begin() + run.last + 1);
        endInsertRows();
    }
    const std::vector<Run> changed = runsOf(count(), [&](int i) {
        const auto at = static_cast<size_t>(i);
        return m_shown[at] != next[at] && *m_shown[at] != *next[at];
    });
    m_shown = std::move(next);
    m_rowOf = nextRow;
    for (const Run& run : changed)
        Q_EMIT dataChanged(index(run.first, 0), index(run.last, ColumnCount - 1));
}

void WorklistModel::reorder(const std::vector<WorklistRowPtr>& order) {
    Q_EMIT layoutAboutToBeChanged({}, QAbstractItemModel::VerticalSortHint);
    const QModelIndexList before = persistentIndexList();
    const QHash<WorkitemUid, int> to = indexOf(order);
    QModelIndexList after;
    after.reserve(before.size());
    for (const QModelIndex& old : before)
        after.append(index(to.value(m_shown[static_cast<size_t>(old.row())]->task.uid), old.column()));
    m_shown = order;
    changePersistentIndexList(before, after);
    Q_EMIT layoutChanged({}, QAbstractItemModel::VerticalSortHint);
}

int WorklistModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_shown.size());
}

int WorklistModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : ColumnCount; }

QVariant WorklistModel::data(const QModelIndex& index, int role) const {
    const WorklistRow* row = rowAt(index.row());
    if (!row)
        return {};
    switch (role) {
    case TaskUidRole:
        return row->task.uid.value();
    case StateRole:
        return static_cast<int>(row->state);
    case PriorityRole:
        return static_cast<int>(row->task.priority);
    case HoldingRole:
        return static_cast<int>(row->holding);
    case StartRole:
        return row->start;
    case DueRole:
        return row->due;
    case OpenRole:
        return row->isOpen;
    case ValueRole:
        break;
    default:
        return {};
    }
    const Order& order = row->task.order;
    switch (index.column()) {
    case PriorityColumn:
        return static_cast<int>(row->task.priority);
    case DueColumn:
        return row->due;
    case HospitalColumn:
        return order.requestingHospital;
    case PatientColumn:
        return order.patient.name.display();
    case SexAgeColumn:
        return ageOn(order.patient, row->start.date());
    case ModalityColumn:
        return order.modality;
    case BodyPartColumn:
        return order.bodyPart;
    case ItemColumn:
        return order.item;
    case KindColumn:
        return static_cast<int>(row->task.kind);
    case StateColumn:
        return static_cast<int>(row->state);
    case HolderColumn:
        return PersonName::fromDicom(row->task.holderName).display();
    case ImagesColumn:
        return row->images.percent();
    case ExamTimeColumn:
        return order.examTime;
    default:
        return {};
    }
}

} // namespace yz
