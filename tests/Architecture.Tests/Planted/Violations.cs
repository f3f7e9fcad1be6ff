#pragma warning disable CA1051, CA1812, CA1822, CA1852, CA1848, CA1849, CA1515
using AiPlatform.Application.Content;
using AiPlatform.Application.Gateway;
using AiPlatform.Application.Gateway.Contracts;
using AiPlatform.Application.Metering;
using AiPlatform.Application.Metering.Contracts;
using AiPlatform.Application.Shared.Pipeline;
using AiPlatform.Architecture.Tests.Rules;
using AiPlatform.Domain.Metering;
using AiPlatform.Infrastructure.Shared;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

#pragma warning disable IDE0130, IDE0161 // What is planted pretends to lie in the layers.
namespace AiPlatform.Architecture.Tests.Planted.Domain.Metering
{
    [Breaks(HouseRules.DependenciesPointInwards)]
    [Breaks(HouseRules.DomainKnowsOnlyTheFramework)]
    internal sealed class EntityThatSavesItself
    {
        public Task<int> SaveAsync(AppDbContext db, CancellationToken cancellationToken) => db.SaveChangesAsync(cancellationToken);
    }

    [Breaks(HouseRules.DomainKnowsOnlyTheFramework)]
    internal sealed class EntityWithAPackage
    {
        public Unit Nothing() => default;
    }

    [Breaks(HouseRules.EntitiesChangeThroughTheirVerbs)]
    internal sealed class EntityWithASetter
    {
        public long Balance { get; set; }
    }

    [Breaks(HouseRules.EntitiesChangeThroughTheirVerbs)]
    internal sealed class EntityWithAField
    {
        public long Balance = 1;
    }
}

namespace AiPlatform.Architecture.Tests.Planted.Application.Metering
{
    [Breaks(HouseRules.DependenciesPointInwards)]
    internal sealed class UseCaseThatKnowsTheDatabase
    {
        public object Open() => typeof(AppDbContext);
    }

    [Breaks(HouseRules.ApplicationKnowsNoHostAndNoEngine)]
    internal sealed class UseCaseThatKnowsHttp
    {
        public int Status() => Microsoft.AspNetCore.Http.StatusCodes.Status200OK.GetHashCode() + new Microsoft.AspNetCore.Http.HeaderDictionary().Count;
    }

    [Breaks(HouseRules.CapabilitiesFollowTheAllowedEdges)]
    internal sealed class MeteringThatAsksTheGateway(IModelGateway gateway)
    {
        public bool CanEmbed() => gateway.CanEmbed("model");
    }
}

namespace AiPlatform.Architecture.Tests.Planted.Application.Wishes
{
    [Breaks(HouseRules.CapabilitiesFollowTheAllowedEdges)]
    internal sealed class CapabilityThatIsNone
    {
    }
}

namespace AiPlatform.Architecture.Tests.Planted.Application.Gateway
{
    [Breaks(HouseRules.CapabilitiesMeetAtContracts)]
    internal sealed class GatewayThatReadsTheTablesOfMetering(IMeteringDb db)
    {
        public Task<int> SaveAsync(CancellationToken cancellationToken) => db.SaveChangesAsync(cancellationToken);
    }

    [Breaks(HouseRules.CapabilitiesMeetAtContracts)]
    internal sealed class GatewayThatHidesItInALambda
    {
        public Func<object> Later() => () => new CheckBalanceQuery();
    }
}

namespace AiPlatform.Architecture.Tests.Planted.Application.Content
{
    [Breaks(HouseRules.CapabilitiesMeetAtContracts)]
    internal sealed class ContentThatHidesItInAnAsyncMethod
    {
        public async Task<string> AskAsync(CancellationToken cancellationToken)
        {
            await Task.Yield();
            cancellationToken.ThrowIfCancellationRequested();
            return GatewayErrors.NotConfigured.Message;
        }
    }
}

namespace AiPlatform.Architecture.Tests.Planted.Application.Operations
{
    [Breaks(HouseRules.RequestsDeclareWhoMaySendThem)]
    internal sealed record SilentCommand : IRequest<int>;

    [Breaks(HouseRules.RequestsDeclareWhoMaySendThem)]
    [AllowAnonymousCaller("Planted")]
    [RequireTier(0, "be planted")]
    internal sealed record TierOfNobodyCommand : IRequest<int>;

    [Breaks(HouseRules.HandlersAndValidatorsAreInternalAndSealed)]
    [Breaks(HouseRules.UseCasesHaveAFileOfTheirOwn)]
    public class OpenHandler : IRequestHandler<CheckBalanceQuery, MonthlyBalance>
    {
        public Task<MonthlyBalance> Handle(CheckBalanceQuery request, CancellationToken cancellationToken) =>
            throw new NotSupportedException();
    }

    [Breaks(HouseRules.WhatIsChargedCanBeSentAgain)]
    [Breaks(HouseRules.UseCasesHaveAFileOfTheirOwn)]
    internal sealed class ChargingHandler(ILedger ledger) : IRequestHandler<CheckBalanceQuery, MonthlyBalance>
    {
        public async Task<MonthlyBalance> Handle(CheckBalanceQuery request, CancellationToken cancellationToken)
        {
            await ledger.PlaceHoldAsync(new HoldOrder(new HeldCall(default, default, "planted"), default, [], Dispatched: false), cancellationToken);
            throw new NotSupportedException();
        }
    }

    [Breaks(HouseRules.HandlersAndValidatorsAreInternalAndSealed)]
    [Breaks(HouseRules.UseCasesHaveAFileOfTheirOwn)]
    internal class OpenValidator : AbstractValidator<CheckBalanceQuery>;

    [Breaks(AsyncRule.Name)]
    internal sealed class WaitingForEver
    {
        public async Task<int> WaitAsync()
        {
            await Task.Yield();
            return 1;
        }
    }

    [Breaks(AsyncRule.Name)]
    internal interface IWaitForEver
    {
        ValueTask WaitAsync(string text);
    }

    [Breaks(HouseRules.NamesSayWhatThingsAre)]
    internal sealed class EndpointManager;

    [Breaks(HouseRules.NamesSayWhatThingsAre)]
    internal sealed class StringHelpers;

    [Breaks(HouseRules.NamesSayWhatThingsAre)]
    internal sealed class BaseHandler;

    [Breaks(HouseRules.NamesSayWhatThingsAre)]
    internal sealed class LoadAndSave;
}

namespace AiPlatform.Architecture.Tests.Planted.Application.Operations.Common
{
    [Breaks(HouseRules.NamesSayWhatThingsAre)]
    internal sealed class WellNamedInABadPlace;
}

namespace AiPlatform.Architecture.Tests.Planted.Elsewhere
{
    [Breaks(HouseRules.DependenciesPointInwards)]
    internal sealed class TypeWithoutALayer;
}

namespace AiPlatform.Architecture.Tests.Planted.WebApi.Content
{
    [Breaks(HouseRules.ControllersOnlySend)]
    public sealed class ControllerWithADatabase(AppDbContext db) : ControllerBase
    {
        [NonAction]
        public Task<int> SaveAsync(CancellationToken cancellationToken) => db.SaveChangesAsync(cancellationToken);
    }

    [Breaks(HouseRules.ControllersOnlySend)]
    public sealed class ControllerWithAPort(IContentDb content) : ControllerBase
    {
        [NonAction]
        public object Port() => content;
    }

    [Breaks(HouseRules.ControllersOnlySend)]
    public sealed class ControllerThatFetchesAPort(IMediator mediator) : ControllerBase
    {
        [NonAction]
        public object Port() => (mediator, HttpContext.RequestServices.GetService(typeof(DbContext)));
    }
}
