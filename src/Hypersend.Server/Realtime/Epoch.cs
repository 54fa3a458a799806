using Hypersend.Server.Features.Admin;

namespace Hypersend.Server.Realtime;

/// <summary>Which life of the database this is: a restored one has another, and clients start afresh.</summary>
internal sealed class Epoch(IAdminStore store)
{
    private string? _value;

    public async ValueTask<string> ReadAsync(CancellationToken cancellation) =>
        _value ??= await store.ReadFactAsync("epoch", cancellation) ?? throw new InvalidOperationException("The epoch is written before the first request.");
}
