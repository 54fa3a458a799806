using System.Reflection;
using Xunit.v3;

namespace Hypersend.ServerTests.Fixture;

/// <summary>What is looked at here lies inside one process, or before the proxy: with several nodes it is skipped, with the reason.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
internal sealed class OneNodeAttribute(string reason) : BeforeAfterTestAttribute
{
    public string Reason => reason;

    public override void Before(MethodInfo methodUnderTest, IXunitTest test) => Assert.SkipWhen(Cluster.IsOn, "Of one node: " + reason);
}
