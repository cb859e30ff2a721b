{{/* Where a component may connect to: names, the services it calls, NATS, the collector, and what its values list. */}}
{{- define "atelier.egress" -}}
{{- $root := .root -}}
- ports: [{ port: 53, protocol: UDP }, { port: 53, protocol: TCP }]
  to: [{{ toJson $root.Values.networkPolicies.dns }}]
{{- range .spec.calls }}
- ports: [{ port: {{ (get $.services .).port }} }]
  to:
    - podSelector:
        matchLabels: {{- include "atelier.selector" (dict "root" $root "component" .) | nindent 10 }}
{{- end }}
{{- if .spec.nats }}
{{- if eq $root.Values.nats.mode "embedded" }}
- ports: [{ port: 4222 }]
  to:
    - podSelector:
        matchLabels: {{- include "atelier.selector" (dict "root" $root "component" "nats") | nindent 10 }}
{{- else }}
{{- if not $root.Values.nats.egress }}{{- fail "nats.egress is needed when nats.mode is external and networkPolicies are enabled" }}{{- end }}
{{- toYaml $root.Values.nats.egress | nindent 0 }}
{{- end }}
{{- end }}
{{- if $root.Values.telemetry.otlpEndpoint }}
{{- if not $root.Values.telemetry.otlpEgress }}{{- fail "telemetry.otlpEgress is needed with telemetry.otlpEndpoint" }}{{- end }}
{{- toYaml $root.Values.telemetry.otlpEgress | nindent 0 }}
{{- end }}
{{- if and .spec.models (eq $root.Values.models.source "init") }}
{{- with $root.Values.models.init.egress }}{{- toYaml . | nindent 0 }}{{- end }}
{{- end }}
{{- with get .spec "egress" }}{{- toYaml . | nindent 0 }}{{- end }}
{{- end }}
