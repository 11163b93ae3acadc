//! The types of actions and triggers that the service has.
//! Sources: the designer's manifests (Azure/LogicAppsUX) and the choices of the Dataverse table
//! `processstage` (powerapps-docs).

macro_rules! types {
    ($(#[$doc:meta])* $name:ident: $($variant:ident)*) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[non_exhaustive]
        #[allow(missing_docs, reason = "each variant is the type of its own name")]
        pub enum $name { $($variant,)* #[doc = "A type that is not in the tables."] Unknown }

        impl $name {
            const KNOWN: &[(&str, Self)] = &[$((stringify!($variant), Self::$variant),)*];

            /// The type of that name; case is folded, as the service does.
            #[must_use]
            pub fn named(name: &str) -> Self {
                Self::KNOWN
                    .iter()
                    .find(|(known, _)| known.eq_ignore_ascii_case(name))
                    .map_or(Self::Unknown, |(_, ty)| *ty)
            }

            /// The name as the tables spell it; none for an unknown type.
            #[must_use]
            pub fn name(self) -> Option<&'static str> {
                Self::KNOWN.iter().find(|(_, ty)| *ty == self).map(|(name, _)| *name)
            }

            /// Every name of the tables.
            pub fn names() -> impl Iterator<Item = &'static str> {
                Self::KNOWN.iter().map(|(name, _)| *name)
            }
        }
    };
}

types! {
    /// The type of an action.
    ActionType:
    OpenApiConnection Scope If Compose SetVariable InitializeVariable Foreach Http Response Switch Until Terminate
    Query Select ParseJson Join Table Workflow Wait IncrementVariable DecrementVariable AppendToArrayVariable
    AppendToStringVariable Expression OpenApiConnectionWebhook OpenApiConnectionNotification ApiConnection
    ApiConnectionWebhook ApiConnectionNotification HttpWebhook ServiceProvider Changeset Function InvokeFunction
    ApiManagement ApiApp Flow JavaScriptCode CSharpScriptCode PowershellCode Liquid Xslt XmlValidation XmlCompose
    XmlParse FlatFileEncoding FlatFileDecoding FlatFileSchemaGeneration IntegrationAccountArtifactLookup As2Encode
    As2Decode RosettaNetEncode RosettaNetDecode RosettaNetWaitForResponse SwiftEncode SwiftDecode SwiftMTEncode
    SwiftMTDecode X12Encode X12BatchEncode X12Decode EdifactEncode EdifactBatchEncode EdifactDecode HL7Encode
    HL7Decode RuleExecute Batch SendToBatch ParseDocument ChunkText ParseDocumentWithMetadata ChunkTextWithMetadata
    Agent AgentHandoff NestedAgent McpClientTool
}

types! {
    /// The type of a trigger.
    TriggerType:
    Request Recurrence OpenApiConnection OpenApiConnectionWebhook OpenApiConnectionNotification ApiConnection
    ApiConnectionWebhook ApiConnectionNotification ApiManagement ApiApp ServiceProvider SlidingWindow Http HttpWebhook
    Manual Batch
}

/// The kinds of triggers and actions that the service has, from the same sources.
pub const KINDS: [&str; 33] = [
    "Http",
    "PowerApp",
    "PowerAppV2",
    "PowerPages",
    "Button",
    "ApiConnection",
    "Agent",
    "Alert",
    "EventGrid",
    "AzureMonitorAlert",
    "SecurityCenterAlert",
    "Geofence",
    "Skills",
    "VirtualAgent",
    "Teams",
    "TeamsWebhook",
    "TeamsWebhookV2",
    "Managed",
    "CurrentTime",
    "ConvertTimeZone",
    "GetFutureTime",
    "GetPastTime",
    "AddToTime",
    "SubtractFromTime",
    "FormatNumber",
    "IndexOf",
    "Substring",
    "JsonToJson",
    "JsonToText",
    "XmlToJson",
    "XmlToText",
    "DataMapper",
    "ODataOpenApiConnection",
];

impl ActionType {
    /// Whether actions of this type hold other actions.
    #[must_use]
    pub fn is_container(self) -> bool {
        matches!(self, Self::Scope | Self::If | Self::Switch | Self::Agent) || self.is_loop()
    }

    /// Whether it repeats what it holds.
    #[must_use]
    pub fn is_loop(self) -> bool {
        matches!(self, Self::Foreach | Self::Until)
    }

    /// Whether it gives a variable another value.
    #[must_use]
    pub fn writes_variable(self) -> bool {
        matches!(
            self,
            Self::SetVariable
                | Self::IncrementVariable
                | Self::DecrementVariable
                | Self::AppendToArrayVariable
                | Self::AppendToStringVariable
        )
    }

    /// Whether it calls a connector.
    #[must_use]
    pub fn is_connector(self) -> bool {
        matches!(
            self,
            Self::OpenApiConnection
                | Self::OpenApiConnectionWebhook
                | Self::OpenApiConnectionNotification
                | Self::ApiConnection
                | Self::ApiConnectionWebhook
                | Self::ApiConnectionNotification
                | Self::ServiceProvider
                | Self::Changeset
        )
    }

    /// Whether it reaches out of the flow: to a connector, an address, code, or another flow.
    #[must_use]
    pub fn is_call(self) -> bool {
        self.is_connector()
            || matches!(
                self,
                Self::Http
                    | Self::HttpWebhook
                    | Self::Workflow
                    | Self::Flow
                    | Self::Function
                    | Self::InvokeFunction
                    | Self::ApiManagement
                    | Self::ApiApp
                    | Self::SendToBatch
                    | Self::NestedAgent
                    | Self::McpClientTool
            )
    }
}

impl TriggerType {
    /// Whether it is a trigger of a connector.
    #[must_use]
    pub fn is_connector(self) -> bool {
        matches!(
            self,
            Self::OpenApiConnection
                | Self::OpenApiConnectionWebhook
                | Self::OpenApiConnectionNotification
                | Self::ApiConnection
                | Self::ApiConnectionWebhook
                | Self::ApiConnectionNotification
                | Self::ServiceProvider
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_known_in_any_case_and_others_load_as_such() {
        assert_eq!(ActionType::named("HTTP"), ActionType::Http);
        assert_eq!(ActionType::named("ParseJSON").name(), Some("ParseJson"));
        assert_eq!(ActionType::named("Condition"), ActionType::Unknown);
        assert_eq!(TriggerType::named("Start").name(), None);
    }
}
