using System.Text.Json;
using Hypersend.Contracts;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Transfers;
using Hypersend.Server.Platform.Problems;
using Hypersend.Server.Realtime;

namespace Hypersend.Server.Features.Transfers;

/// <summary>Carries what the clients of two people say to each other to find a direct line.</summary>
internal sealed class SignalPeer(ITransferStore store, IBus bus)
{
    private const int LongestData = 64 * 1024;

    public async Task<Result<Done>> HandleAsync(UserId from, UserId to, TransferId transfer, JsonElement data, CancellationToken cancellation)
    {
        if (data.GetRawText().Length > LongestData)
            return new Failure(ErrorCodes.TooLarge);
        if (!await store.MaySignalAsync(transfer, from, to, cancellation))
            return new Failure(ErrorCodes.NotFound);
        var told = new SignalEvent { From = from, TransferId = transfer, Data = data };
        bus.Publish(new UserNotice(to, EventJson.Of(told, HypersendJson.Wire.SignalEvent)));
        return default(Done);
    }
}
