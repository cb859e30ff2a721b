{{/*
How the kubelet asks for health. It speaks neither TLS to gRPC nor has a client certificate, so with mTLS it asks the
metrics port, which tells the same.
*/}}
{{- define "atelier.probe" -}}
{{- if .root.Values.mtls.enabled -}}
httpGet: { path: /healthz, port: metrics }
{{- else if eq .spec.protocol "grpc" -}}
grpc: { port: {{ .spec.port }} }
{{- else -}}
httpGet: { path: /healthz, port: main }
{{- end -}}
{{- end }}
