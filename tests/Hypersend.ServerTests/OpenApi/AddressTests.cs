using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Hypersend.ServerTests.Fixture;

namespace Hypersend.ServerTests.OpenApi;

/// <summary>What generators of clients stumble over.</summary>
public sealed partial class AddressTests(App app) : IClassFixture<App>
{
    [Fact]
    public async Task No_two_addresses_differ_only_in_the_names_of_their_parameters()
    {
        var same = (await AddressesAsync()).GroupBy(address => Parameter().Replace(address, "{}")).Where(group => group.Count() > 1);
        Assert.Empty(same.Select(group => string.Join(" and ", group)));
    }

    [Fact]
    public async Task Parameters_are_spelled_like_everything_else_on_the_wire() =>
        Assert.DoesNotContain(await AddressesAsync(), address => Parameter().Matches(address).Any(name => name.Value.Any(char.IsUpper)));

    [Fact]
    public async Task The_socket_is_described() => Assert.Contains("/ws", await AddressesAsync());

    private async Task<IReadOnlyList<string>> AddressesAsync()
    {
        var document = JsonNode.Parse(await app.Http.GetStringAsync(new Uri(app.Address, "/openapi.json")))!;
        return [.. document["paths"]!.AsObject().Select(path => path.Key)];
    }

    [GeneratedRegex(@"\{\w+\}")]
    private static partial Regex Parameter();
}
