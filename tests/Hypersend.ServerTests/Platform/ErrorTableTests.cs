using System.Reflection;
using Hypersend.Contracts.Errors;
using Hypersend.Server.Platform.Problems;

namespace Hypersend.ServerTests.Platform;

public sealed class ErrorTableTests
{
    [Fact]
    public void Every_code_has_a_row_and_every_row_a_code()
    {
        var codes = typeof(ErrorCodes).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (string)field.GetRawConstantValue()!).ToList();

        Assert.Equal(codes.Order(StringComparer.Ordinal), ErrorTable.Codes.Order(StringComparer.Ordinal));
        Assert.All(codes, code => Assert.Matches("^[a-z]+(_[a-z]+)*$", code));
        Assert.All(codes, code => Assert.InRange(ErrorTable.Of(code).Status, 400, 599));
        Assert.All(codes, code => Assert.EndsWith(".", ErrorTable.Of(code).Hint, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_bare_status_of_the_framework_becomes_a_row_of_its_kind()
    {
        foreach (var status in Enumerable.Range(400, 200))
            Assert.Equal(status / 100, ErrorTable.Of(ErrorTable.CodeOf(status)).Status / 100);
        foreach (var status in new[] { 400, 401, 403, 404, 405, 408, 409, 413, 415, 429, 503 })
            Assert.Equal(status, ErrorTable.Of(ErrorTable.CodeOf(status)).Status);
    }
}
