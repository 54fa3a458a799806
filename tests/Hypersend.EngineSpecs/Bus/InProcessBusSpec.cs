using Hypersend.Server.Engines.Bus.InProcess;
using Hypersend.Server.Realtime;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hypersend.EngineSpecs.Bus;

public sealed class InProcessBusSpec : BusSpec
{
    private protected override Task<IReadOnlyList<IBus>> NodesAsync() =>
        Task.FromResult<IReadOnlyList<IBus>>([new InProcessBus(NullLogger<InProcessBus>.Instance)]);
}
