using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Primitives;

namespace Hypersend.Server.Start;

/// <summary>
/// Every route becomes an endpoint by code that is compiled for it there and then: more than half of a start. The framework does that to
/// a group's routes whenever somebody asks for its endpoints, which two do, and waits for it with the first request. Here it is done
/// once, and beside the preparation of the database.
/// </summary>
internal sealed class EarlyRoutes : EndpointDataSource
{
    private readonly Task<IReadOnlyList<Endpoint>> _made;

    private EarlyRoutes(IReadOnlyList<EndpointDataSource> routes) =>
        _made = Task.Run<IReadOnlyList<Endpoint>>(() => [.. routes.SelectMany(route => route.Endpoints)]);

    /// <summary>Waits for them, and throws what is wrong with a route.</summary>
    public override IReadOnlyList<Endpoint> Endpoints => _made.GetAwaiter().GetResult();

    public override IChangeToken GetChangeToken() => NullChangeToken.Singleton;

    /// <summary>To be called when all routes are mapped.</summary>
    public static void Begin(IEndpointRouteBuilder app)
    {
        EndpointDataSource[] routes = [.. app.DataSources];
        app.DataSources.Clear();
        app.DataSources.Add(new EarlyRoutes(routes));
    }
}
