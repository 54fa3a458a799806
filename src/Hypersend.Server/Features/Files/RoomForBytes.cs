using Hypersend.Contracts.Ids;
using Hypersend.Server.Platform.Problems;

namespace Hypersend.Server.Features.Files;

/// <summary>
/// Asks before the first byte whether there is room. The bytes of an upload whose size nobody knows are in the books when
/// their row is; until then they are counted here, so that many of them at once do not all find the same room.
/// </summary>
internal sealed class RoomForBytes(IUploadStore store)
{
    private readonly Lock _gate = new();
    private readonly List<Allowance> _given = [];

    /// <summary>How much may come, at most what is asked for; a refusal when that is less than the least.</summary>
    public async ValueTask<Result<Allowance>> AskAsync(FileRow file, long least, long most, UploadLimits limits, CancellationToken cancellation)
    {
        // The space of a known size was taken at the beginning; only from one that was quiet for long it went to others. Then
        // each of its chunks asks for all of it again, and none of them counts.
        if (file.Size <= file.Reserved)
            return new Allowance(this, file) { Bytes = most };
        var needed = file.Size is { } size ? size - file.Reserved : least;

        // Counted before the books are read: what lands meanwhile counts twice then, and never not at all.
        var allowance = new Allowance(this, file) { Bytes = file.Size is null ? most : 0 };
        var before = Add(allowance);
        try
        {
            var (bytes, beyond) = Least(await store.RoomAsync(file.OwnerId, cancellation), before, file, limits);
            if (bytes >= needed && file.Size is null)
            {
                Shrink(allowance, Math.Min(bytes, most), beyond);
                return allowance;
            }

            allowance.Dispose();
            return bytes < needed ? beyond : new Allowance(this, file) { Bytes = most };
        }
        catch
        {
            allowance.Dispose();
            throw;
        }
    }

    private static (long Bytes, Failure Beyond) Least(StoredRoom room, OnTheirWay before, FileRow file, UploadLimits limits)
    {
        var (left, beyond) = (limits.MaxSize - file.ReceivedBytes - before.OfFile, UploadRules.TooLarge(limits.MaxSize));
        if (file.Size is not null)
            left = long.MaxValue;
        var quota = room.QuotaBytes ?? limits.DefaultQuota;
        if (quota > 0 && quota - room.Used - before.OfOwner < left)
            (left, beyond) = (quota - room.Used - before.OfOwner, UploadRules.OverQuota(quota, room.Used));
        if (limits.FreeBytes is { } free && free - room.Promised - before.OfAll < left)
            (left, beyond) = (free - room.Promised - before.OfAll, UploadRules.NoSpace(free - room.Promised));
        return (left, beyond);
    }

    private OnTheirWay Add(Allowance allowance)
    {
        lock (_gate)
        {
            var before = new OnTheirWay(
                _given.Where(other => other.File == allowance.File).Sum(other => other.Bytes),
                _given.Where(other => other.Owner == allowance.Owner).Sum(other => other.Bytes),
                _given.Sum(other => other.Bytes));
            _given.Add(allowance);
            return before;
        }
    }

    private void Shrink(Allowance allowance, long bytes, Failure beyond)
    {
        lock (_gate)
        {
            allowance.Bytes = bytes;
            allowance.Beyond = beyond;
        }
    }

    private void Remove(Allowance allowance)
    {
        lock (_gate)
            _given.Remove(allowance);
    }

    private readonly record struct OnTheirWay(long OfFile, long OfOwner, long OfAll);

    /// <summary>The right to send so many bytes; disposed when they are in the books, or given up.</summary>
    internal sealed class Allowance(RoomForBytes room, FileRow file) : IDisposable
    {
        public FileId File => file.Id;

        public UserId Owner => file.OwnerId;

        public long Bytes { get; set; }

        /// <summary>What is said of more; null when the length of the upload says how much may come.</summary>
        public Failure? Beyond { get; set; }

        public void Dispose() => room.Remove(this);
    }
}
