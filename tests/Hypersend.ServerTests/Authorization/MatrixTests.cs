using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Hypersend.Contracts.Files;
using Hypersend.ServerTests.Fixture;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Hypersend.ServerTests.Authorization;

/// <summary>Every route, every actor, against the running server.</summary>
public sealed partial class MatrixTests(App app) : IClassFixture<App>
{
    public static TheoryData<string> Routes => [.. Matrix.Rows.Select(row => row.Route).Distinct()];

    [Fact]
    public void Every_route_has_a_row_and_every_row_a_route()
    {
        var routes = Endpoints().SelectMany(endpoint => Methods(endpoint).Select(method => $"{method} {PathOf(endpoint)}")).ToHashSet();
        var rows = Matrix.Rows.Select(row => row.Route).ToHashSet();
        Assert.Equal([], routes.Except(rows));
        Assert.Equal([], rows.Except(routes));
        Assert.Equal(Matrix.Rows.DistinctBy(row => (row.Route, row.InChat)).Count(), Matrix.Rows.Count);
        var answers = Matrix.Rows.Sum(row => row.Outcomes.Count);
        TestContext.Current.TestOutputHelper!.WriteLine($"{routes.Count} routes, none without a row; {answers} answers to {Enum.GetValues<Actor>().Length} kinds of callers");
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
        foreach (var row in Matrix.Rows.Where(row => row.Route == route))
            await PlayAsync(row);
    }

    private async Task PlayAsync(MatrixRow row)
    {
        var route = row.Route;
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
        if (!row.Outcomes.TryGetValue(Actor.Missing, out var missing) || missing.Status < 400)
            return;
        foreach (var (actor, outcome) in row.Outcomes)
        {
            if (outcome.Status == missing.Status && (row.InChat || actor == Actor.Stranger))
                Assert.True(bodies[Actor.Missing] == bodies[actor], $"{route} as {actor} tells more than that there is no such thing: {bodies[actor]}");
        }
    }

    [Fact]
    public async Task The_token_of_an_upload_opens_no_other_route()
    {
        var ana = await app.SignUpAsync("ana");
        var upload = await ana.Files.InitAsync(new InitUploadRequest { Filename = "file", Size = 1 });
        var open = Matrix.Rows.Where(row => row.Outcomes.ContainsKey(Actor.UploadToken)).Select(row => row.Route).ToHashSet();
        foreach (var row in Matrix.Rows.Where(row => row.Outcomes[Actor.Anonymous].Status == 401 && !open.Contains(row.Route)))
        {
            using var request = new HttpRequestMessage(new HttpMethod(row.Method), Parameter().Replace(row.Path, upload.FileId.ToString()));
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", upload.UploadToken);
            using var answer = await app.Http.SendAsync(request, TestContext.Current.CancellationToken);
            Assert.True((int)answer.StatusCode == 401, $"{row.Route} let an upload's token in: {(int)answer.StatusCode}");
        }
    }

    [GeneratedRegex(@"\{\w+\}")]
    private static partial Regex Parameter();

    private static string PathOf(RouteEndpoint endpoint) => "/" + endpoint.RoutePattern.RawText!.Trim('/');

    private static IReadOnlyList<string> Methods(RouteEndpoint endpoint) =>
        endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["ANY"];

    private IEnumerable<RouteEndpoint> Endpoints() =>
        app.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>();
}
