using System.Text.Json.Nodes;
using Hypersend.ServerTests.Fixture;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Hypersend.ServerTests.Authorization;

/// <summary>Every route, every actor, against the running server.</summary>
public sealed class MatrixTests(App app) : IClassFixture<App>
{
    public static TheoryData<string> Routes => [.. Matrix.Rows.Select(row => row.Route)];

    [Fact]
    public void Every_route_has_a_row_and_every_row_a_route()
    {
        var routes = Endpoints().SelectMany(endpoint => Methods(endpoint).Select(method => $"{method} {PathOf(endpoint)}")).ToHashSet();
        var rows = Matrix.Rows.Select(row => row.Route).ToHashSet();
        Assert.Equal([], routes.Except(rows));
        Assert.Equal([], rows.Except(routes));
        Assert.Equal(rows.Count, Matrix.Rows.Count);
    }

    [Fact]
    public void Every_route_says_whether_it_is_open_or_closed_and_which_limit_counts_it()
    {
        foreach (var endpoint in Endpoints())
        {
            Assert.True(
                endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null || endpoint.Metadata.GetMetadata<IAuthorizeData>() is not null
                    || endpoint.Metadata.GetMetadata<AuthorizationPolicy>() is not null,
                $"{PathOf(endpoint)} is neither open nor closed");
            Assert.True(endpoint.Metadata.GetMetadata<Server.Platform.RateLimits.RateLimited>() is not null, $"{PathOf(endpoint)} has no rate limit");
        }
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task Every_actor_gets_what_the_matrix_says(string route)
    {
        var row = Matrix.Rows.Single(row => row.Route == route);
        var cast = new Cast(app);
        var bodies = new Dictionary<Actor, string>();
        foreach (var (actor, outcome) in row.Outcomes)
        {
            using var answer = await cast.SendAsync(row, actor);
            var body = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            Assert.True(outcome.Status == (int)answer.StatusCode, $"{route} as {actor}: {(int)answer.StatusCode} instead of {outcome.Status}. {body}");
            if (outcome.Status >= 400 && row.Method != "HEAD")
            {
                var problem = JsonNode.Parse(body)!.AsObject();
                Assert.Contains(problem["code"]!.GetValue<string>(), Server.Platform.Problems.ErrorTable.Codes);
                if (outcome.Code is not null)
                    Assert.Equal(outcome.Code, problem["code"]!.GetValue<string>());
                problem.Remove("trace_id");
                body = problem.ToJsonString();
            }

            bodies[actor] = body;
        }

        // What is not yours to know must not differ from what is not there.
        if (row.Outcomes.TryGetValue(Actor.Missing, out var missing) && row.Outcomes[Actor.Stranger].Status == missing.Status && missing.Status >= 400)
            Assert.Equal(bodies[Actor.Missing], bodies[Actor.Stranger]);
    }

    private static string PathOf(RouteEndpoint endpoint) => "/" + endpoint.RoutePattern.RawText!.Trim('/');

    private static IReadOnlyList<string> Methods(RouteEndpoint endpoint) =>
        endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["ANY"];

    private IEnumerable<RouteEndpoint> Endpoints() =>
        app.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>();
}
